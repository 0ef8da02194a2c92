"""What reading a program in a small language (sed, awk) can end with, before its last word."""


class Whole(Exception):
    """The program needs the whole input; str() is the reason, a clause."""


class Random(Whole):
    """The program answers differently each time."""


class Acts(Exception):
    """The program touches the world; str() is the reason, a clause."""
