"""What leashc knows about command names: one operator a command, one file a family.

An operator is a function from an `Invocation` to a `Behaviour`. It says what it
can prove and nothing else; what it does not recognise runs whole, with the
reason. No operator reads a file, starts a process or looks at the environment.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from leashc.behaviour import EFFECTFUL, PURE, Behaviour, Kind
from leashc.invocation import Invocation, Locale, OptionTable, Unrecognised

Judge = Callable[[Invocation], Behaviour]


class Operator(NamedTuple):
    """A command name, its options, how it judges an invocation, and invocations to test it by."""

    name: str
    options: OptionTable
    judge: Judge
    operands: str  # "inputs" or "words": what an operand is, unless the judge says otherwise
    examples: tuple[str, ...]
    permute: bool
    parses: bool = False  # it reads a program, which takes so long that the answer is kept

    @property
    def doc(self) -> str:
        return (self.judge.__doc__ or "").strip()

    def behaviour(self, invocation: Invocation) -> Behaviour:
        """What this invocation does to a divided stream; never raises for odd arguments."""
        as_given = (invocation.name, *invocation.arguments)
        try:
            options, operands = self.options.parse(invocation.arguments, permute=self.permute)
        except Unrecognised as error:
            return PURE.because(str(error)).but(argv=as_given)
        parsed = invocation._replace(options=options, operands=operands)
        if parsed.has("--help", "--version"):
            return PURE.because("it prints about itself").but(argv=as_given)
        judged = self.judge(parsed)
        inputs = judged.inputs or (operands if self.operands == "inputs" else ())
        if judged.wide and "-" in inputs and len(inputs) > 1:
            judged = PURE.because("it reads standard input between its files")
        if not judged.wide:
            # What runs whole opens its own files: then nothing about them can differ.
            return judged.but(argv=as_given, inputs=())
        words = operands[: len(operands) - len(inputs)]
        command = parsed.argv(*words)
        facts: dict[str, object] = {"inputs": inputs if inputs != ("-",) else ()}
        if not judged.argv:
            facts["argv"] = command
        if judged.kind is Kind.AGGREGATE and not judged.map:
            facts["map"] = (command,)
        return judged.but(**facts)


_operators: dict[str, Operator] = {}

# Which file knows a command: files are imported when a pipeline names their command.
_BUILT_IN = {
    name: module
    for module, names in {
        "cat": ("cat",),
        "cut": ("cut",),
        "ends": ("head", "tail"),
        "grep": ("grep", "egrep", "fgrep"),
        "gzip": ("gunzip", "zcat"),
        "awk": ("awk", "gawk", "mawk"),
        "rev": ("rev",),
        "sed": ("sed",),
        "sort": ("sort",),
        "sources": ("seq", "echo", "printf", "yes"),
        "tee": ("tee",),
        "tr": ("tr",),
        "uniq": ("uniq",),
        "wc": ("wc",),
    }.items()
    for name in names
}

# Variables that change how tools read their options; nobody sets them without need.
_ODD = ("POSIXLY_CORRECT", "_POSIX2_VERSION", "GREP_OPTIONS")


def operator(
    *names: str,
    options: str = "",
    operands: str = "inputs",
    examples: tuple[str, ...] = (),
    permute: bool = True,
    parses: bool = False,
) -> Callable[[Judge], Judge]:
    """Register a function as the operator of one or more command names.

    options: the option table (see OptionTable). operands: "inputs" when operands
    are input files, "words" when they are not; a judge that knows better sets
    `inputs` (the last operands) itself. examples: invocations whose law is
    tested, as arguments in shell syntax: "-t, -k2,2n". parses: it reads a program, so
    the compiler keeps its answers.
    """

    def register(judge: Judge) -> Judge:
        table = OptionTable(options + "\n--help\n--version")
        for name in names:
            _operators[name] = Operator(name, table, judge, operands, examples, permute, parses)
        return judge

    return register


def find(name: str) -> Operator | None:
    """The operator of a command name: loaded, built in, or from an entry point."""
    if name not in _operators:
        if name in _BUILT_IN:
            importlib.import_module(f"leashc.operators.{_BUILT_IN[name]}")
        else:
            # Costs a scan of the installed packages, so only for names unknown so far.
            from importlib.metadata import entry_points

            for entry in entry_points(group="leashc.operators", name=name):
                entry.load()
    return _operators.get(name)


def loaded() -> dict[str, Operator]:
    """The operators by name, as far as they are loaded."""
    return dict(_operators)


def known() -> tuple[str, ...]:
    """Every command name that has an operator here, built-in files loaded."""
    for module in sorted(set(_BUILT_IN.values())):
        importlib.import_module(f"leashc.operators.{module}")
    return tuple(sorted(_operators))


def parsed(
    argv: tuple[str, ...],
    environment: tuple[tuple[str, str], ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Invocation:
    """An argument list as an invocation, options told from operands if its operator can."""
    locale = Locale.of({**(variables or {}), **dict(environment)})
    call = Invocation(argv[0], argv[1:], environment, locale)
    found = find(argv[0])
    if found is None:
        return call
    try:
        options, operands = found.options.parse(call.arguments, permute=found.permute)
    except Unrecognised:
        return call
    return call._replace(options=options, operands=operands)


def parses(name: str) -> bool:
    """Whether to judge a command takes the parsing of a program."""
    found = find(name)
    return found is not None and found.parses


def odd(environment: tuple[tuple[str, str], ...], variables: Mapping[str, str] | None) -> str:
    """A variable that changes how tools read their options, or ""."""
    return next((name for name in _ODD if name in {**(variables or {}), **dict(environment)}), "")


def judge(
    argv: tuple[str, ...],
    environment: tuple[tuple[str, str], ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Behaviour:
    """The behaviour of an argument list, given its assignments and the environment around it."""
    found = find(argv[0])
    if found is None:
        return EFFECTFUL.because(f"leashc does not know the command {argv[0]}").but(argv=argv)
    if name := odd(environment, variables):
        return PURE.because(f"the variable {name} changes what commands mean").but(argv=argv)
    return found.behaviour(parsed(argv, environment, variables))
