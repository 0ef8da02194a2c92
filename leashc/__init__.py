"""The compiler and the command line. Only cli.py, host.py and memo.py touch the world outside."""
