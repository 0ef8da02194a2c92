"""The compiler and the command line. Pure: only cli.py and host.py touch the world outside."""
