"""What is claimed of each command's flags, and what of that is tested: docs/operators.md.

    python -m tests.coverage > docs/operators.md

A flag is divided and tested if an example of its operator has it; without one it is
judged beside the operands of the first example, and is whole with the reason given, or
claimed without a test, which a test forbids.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import NamedTuple

from leashc import laws, operators
from leashc.behaviour import Behaviour, Kind
from leashc.catalogue import plausible
from leashc.invocation import Invocation, Locale
from leashc.operators import Operator

HEAD = """\
# What each operator knows

Made by `make laws` from the operators themselves; a test holds that it is current. A command that
is not here runs whole, as it is. *Divided* names the flags for which a law is stated and tested
against the real command, in the C locale and in UTF-8; every other flag makes the command run
whole, for the reason given. Flags together are judged together: `leashc explain` says what
becomes of a pipeline.
"""


class Coverage(NamedTuple):
    """The flags of one operator."""

    tested: tuple[str, ...]
    untested: tuple[str, ...]  # claimed, but no example has them
    whole: tuple[tuple[str, str], ...]  # flag, reason


def coverage(operator: Operator) -> Coverage:
    """Which flags are divided and tested, claimed only, or whole."""
    tested, untested, whole = [], [], []
    covered = {name for example in operator.examples for name in _divided(operator, example)}
    operands = _operands(operator)
    for option in operator.options.names:
        if option in ("--help", "--version"):
            continue
        law = _law(operator, (*plausible(operator, option), *operands))
        if option in covered:
            tested.append(option)
            if "" in operator.examples and not law.wide:
                whole.append((option, f"alone: {law.reason}"))
        elif law.wide:
            untested.append(option)
        else:
            whole.append((option, law.reason))
    return Coverage(tuple(tested), tuple(untested), tuple(whole))


def invocation(operator: Operator, words: tuple[str, ...], locale: str) -> Invocation:
    """The command with these arguments, in a locale."""
    return Invocation(operator.name, words, (), Locale.of({"LC_ALL": locale}))


def _law(operator: Operator, words: tuple[str, ...]) -> Behaviour:
    """The law in the first locale in which there is one."""
    found = [operator.behaviour(invocation(operator, words, locale)) for locale in laws.LOCALES]
    return next((law for law in found if law.wide), found[0])


def _divided(operator: Operator, example: str) -> Iterator[str]:
    """The flags of an example whose law is tested."""
    words = tuple(shlex.split(example))
    if _law(operator, words).wide:
        options, _ = operator.options.parse(words, permute=operator.permute)
        yield from (option.name for option in options)


def _operands(operator: Operator) -> tuple[str, ...]:
    """What stands beside the flags in the first example: a pattern, a script."""
    first = tuple(shlex.split(operator.examples[0])) if operator.examples else ()
    return operator.options.parse(first, permute=operator.permute)[1]


def report() -> str:
    """All operators, those with a law first."""
    found = [operators.find(name) for name in operators.known()]
    alike: dict[object, list[Operator]] = {}
    for operator in found:
        assert operator is not None
        alike.setdefault(_alike(operator), []).append(operator)
    lawful = [same for same in alike.values() if same[0].examples]
    others = [same for same in alike.values() if not same[0].examples]
    text = [HEAD, "\n## Divided\n"]
    for same in lawful:
        text += ["\n", *_lawful(same)]
    text += ["\n## Whole, for what they are\n\n| commands | why |\n|---|---|\n"]
    text += [_other(same) for same in others]
    return "".join(text)


def _alike(operator: Operator) -> object:
    """The same for commands of which the same is to be said."""
    law = _law(operator, ())
    return (operator.judge, operator.examples) if operator.examples else (law.kind, law.reason)


def _lawful(same: list[Operator]) -> Iterator[str]:
    names = ", ".join(operator.name for operator in same)
    covered = coverage(same[0])
    law = _law(same[0], tuple(shlex.split(same[0].examples[0])))
    yield f"### {names}\n\n{same[0].doc.splitlines()[0]}\n\n"
    bare = "" if same[0].examples[0] else ", also without flags"
    yield f"- **Divided** ({law.kind.value}{bare}): {_flags(covered.tested) or 'no flags'}\n"
    for reason in dict.fromkeys(reason for _, reason in covered.whole):
        flags = tuple(flag for flag, why in covered.whole if why == reason)
        yield f"- {_flags(flags)}: {reason}\n"


def _other(same: list[Operator]) -> str:
    law = _law(same[0], ())
    kind = "effectful: " if law.kind is Kind.EFFECTFUL else ""
    return f"| {_flags(tuple(op.name for op in same))} | {kind}{law.reason} |\n"


def _flags(flags: tuple[str, ...]) -> str:
    return f"`{' '.join(flags)}`" if flags else ""


if __name__ == "__main__":
    print(report(), end="")
