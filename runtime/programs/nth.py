"""@nth BEFORE LOOP COUNT SCRIPT... COMMAND...: run the command with the script for its place.

Of the COUNT scripts, number BEFORE is for a stream that so many records precede;
from number LOOP on they take turns.
"""

import os


def main(words: list[str]) -> None:
    before, loop, count = map(int, words[:3])
    scripts, command = words[3 : 3 + count], words[3 + count :]
    place = before if before < loop else loop + (before - loop) % (count - loop)
    os.execvp(command[0], [*command, scripts[place]])
