"""Runs a plan: readers, processes, writers. Standard library and boto3; never leashc."""
