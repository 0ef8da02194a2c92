"""@nth BEFORE LAST LOOP COUNT SCRIPT... COMMAND...: run the command with the script for its place.

Of the COUNT scripts, number BEFORE is for a stream that so many records precede;
from number LOOP on they take turns. Unless LAST is empty there are COUNT more, which
are for where it is 1.
"""

import os


def main(words: list[str]) -> None:
    last = words.pop(1)
    before, loop, count = map(int, words[:3])
    end = 3 + count * (2 if last else 1)
    scripts, command = words[3:end], words[end:]
    place = before if before < loop else loop + (before - loop) % (count - loop)
    os.execvp(command[0], [*command, scripts[place + count * (last == "1")]])
