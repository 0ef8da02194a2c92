"""Scripts of sed that read k lines each time: `N;s/\\n/ /`, `n;d`.

Where every cycle runs straight to its last `n` or `N`, it takes as many lines as there
are of these and one. So a stream that is cut where k lines end is edited part by part.
Only at the end of the stream a cycle finds no next line; there, sed prints what it has.
"""

from __future__ import annotations

from leashc.languages.sed_syntax import Addresses, Last, Node, Script
from leashc.operators import sed_laws
from leashc.operators.scripts import Whole

_NEXT = ("n", "N")
# What goes on with the next command, and is not jumped to.
_STRAIGHT = ("s", "y", "p", "P", "i", "a", "G", "z", "l")


def group(script: Script) -> int:
    """How many lines each cycle reads; 1 where that is not so simple to tell."""
    places = [at for at, node in enumerate(script.commands) if _reads(node)]
    if not places or not all(
        _reads(node) or node.name in _STRAIGHT for node in script.commands[: places[-1]]
    ):
        return 1
    return len(places) + 1


def within(script: Script) -> Script:
    """What is done to the lines of a group. Raises Whole where their numbers matter."""
    rest = Script(tuple(node for node in script.commands if not _reads(node)), script.text)
    if sed_laws.counts(rest) or sed_laws.ends(rest):
        raise Whole("it reads several lines each time, and counts them")
    return rest


def _reads(node: Node) -> bool:
    """Whether it reads the next line, if there is one: `$!N` says no more than `N`."""
    where = node.where._replace(end=0)
    return node.name in _NEXT and where in (Addresses(), Addresses(Last(), None, True))
