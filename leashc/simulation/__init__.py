"""Runs that do not take place: the real plan and coordinator over a simulated clock and cloud.

Nothing here reads data, starts a process or knows an account.
"""
