"""LEASH against the shell and its peers, side by side in one run. Standard library only."""
