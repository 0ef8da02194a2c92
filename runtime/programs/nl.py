"""@nl BEFORE START STEP PAGE NL...: run nl, its numbers going on after BEFORE lines with one.

PAGE is the line at which a page begins, and the numbers with it: from there on nl runs
as it is. Where PAGE is empty there is no such line.
"""

import os
import sys
from collections.abc import Iterable, Iterator


def main(words: list[str]) -> None:
    before, start, step = map(int, words[:3])
    page, command = words[3].encode(), words[4:]
    placed = [*command, "-v", str(start + before * step)]
    if not page:
        os.execvp(placed[0], placed)
    lines = iter(sys.stdin.buffer)
    following: list[bytes] = []
    run(placed, until(page, lines, following))
    if following:
        run(command, (line for some in (following, lines) for line in some))


def until(page: bytes, lines: Iterator[bytes], following: list[bytes]) -> Iterator[bytes]:
    """The lines before the one that begins a page, which `following` gets."""
    for line in lines:
        if line.removesuffix(b"\n") == page:
            following.append(line)
            return
        yield line


def run(command: list[str], lines: Iterable[bytes]) -> None:
    """Run a command over some lines; fail, or die, as it does."""
    read, write = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, read, 0), (os.POSIX_SPAWN_CLOSE, write)]
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        pipe.writelines(lines)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if status < 0:
        os.kill(os.getpid(), -status)
    if status:
        sys.exit(status)
