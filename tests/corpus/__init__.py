"""One-liners that people write, over small inputs in data/, held against bash and counted.

Nothing here knows a command: the files *.sh say what is run, the shell what is right.
"""
