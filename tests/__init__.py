"""The tests: the shell is the oracle."""
