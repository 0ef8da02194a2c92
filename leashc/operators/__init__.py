"""What leashc knows about command names: one operator a command, one file a family.

An operator is a function from an `Invocation` to a `Behaviour`. It says what it
can prove and nothing else; what it does not recognise runs whole, with the
reason. No operator reads a file, starts a process or looks at the environment.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from leashc.behaviour import EFFECTFUL, PURE, Behaviour, Kind, parts
from leashc.invocation import Invocation, Locale, OptionTable, Unparsed, Unrecognised
from runtime.slots import INPUTS

Judge = Callable[[Invocation], Behaviour]


class Operator(NamedTuple):
    """A command name, its options, how it judges an invocation, and invocations to test it by."""

    name: str
    options: OptionTable
    judge: Judge
    operands: str  # "inputs" or "words": what an operand is, unless the judge says otherwise
    examples: tuple[str, ...]
    permute: bool
    pipes: bool = False
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
        if judged.wide or (judged.kind is Kind.PURE and not judged.source):
            # What an argument says to put in, in no escape that its operator takes for plain.
            plain = all(word.isascii() for word in parsed.arguments)
            judged = judged.but(keeps_ascii=judged.keeps_text and plain)
            objects = tuple(word for word in inputs if word.startswith("s3://"))
            judged = judged.but(objects=objects, pipes=self.pipes)
        if not judged.wide:
            # What runs whole opens its own files: then nothing about them can differ.
            return judged.but(argv=as_given, inputs=())
        words = operands[: len(operands) - len(inputs)]
        if judged.joined == "files":
            words += (INPUTS,)
        elif judged.joined:
            words += parts(len(inputs))
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
        "bc": ("bc",),
        "cat": ("cat",),
        "col": ("col",),
        "comm": ("comm",),
        "checksums": (
            "md5sum",
            "sha1sum",
            "sha224sum",
            "sha256sum",
            "sha384sum",
            "sha512sum",
            "b2sum",
        ),
        "compress": (
            *("gzip", "gunzip", "zcat", "bzip2", "bunzip2", "bzcat", "lz4", "unlz4", "lz4cat"),
            *("xz", "unxz", "xzcat", "unlzma", "lzcat", "zstd", "unzstd", "zstdcat"),
        ),
        "cut": ("cut",),
        "effectful": (
            *("rm", "rmdir", "mv", "cp", "ln", "mkdir", "mkfifo", "mktemp", "touch", "chmod"),
            *("chown", "install", "truncate", "shred", "rsync", "sponge", "patch", "split"),
            *("csplit", "curl", "wget", "ssh", "scp", "sftp", "nc", "ftp", "aws", "gsutil", "env"),
            *("sudo", "nice", "nohup", "time", "timeout", "stdbuf", "setsid", "flock", "watch"),
            *("parallel", "sh", "bash", "dash", "zsh", "perl", "python", "python3", "ruby"),
            *("node", "php", "lua", "kill", "pkill", "killall", "sqlite3", "psql", "mysql"),
        ),
        "ends": ("head", "tail"),
        "grep": ("grep", "egrep", "fgrep"),
        "awk": ("awk", "gawk", "mawk"),
        "join": ("join",),
        "jq": ("jq",),
        "nl": ("nl",),
        "numbers": ("numfmt", "factor"),
        "paste": ("paste",),
        "rev": ("rev",),
        "sed": ("sed",),
        "sort": ("sort",),
        "sources": (
            *("seq", "echo", "printf", "yes", "basename", "dirname", "expr", "true", "false"),
            *("test", "[", "ls", "du", "df", "stat", "ps", "id", "uname", "nproc", "whoami"),
            *("pwd", "who", "printenv", "find", "date"),
        ),
        "tabs": ("expand", "unexpand", "fold"),
        "tac": ("tac",),
        "text": ("iconv", "strings"),
        "tee": ("tee",),
        "tr": ("tr",),
        "uniq": ("uniq",),
        "wc": ("wc",),
        "whole": (
            *("fmt", "pr", "column", "tsort", "od", "hexdump", "hd", "base64", "base32"),
            *("basenc", "uuencode", "cksum", "sum", "diff", "cmp", "look"),
            *("ptx", "ts", "pv", "xxd", "shuf", "dd"),
        ),
        "xargs": ("xargs",),
    }.items()
    for name in names
}

# Variables that change how tools read their options; nobody sets them without need.
_ODD = (
    *("POSIXLY_CORRECT", "_POSIX2_VERSION", "GREP_OPTIONS"),
    *("BC_ENV_ARGS", "BC_LINE_LENGTH"),
)


def operator(
    *names: str,
    options: str | None = "",
    operands: str = "inputs",
    examples: tuple[str, ...] = (),
    permute: bool = True,
    pipes: bool = False,
    parses: bool = False,
) -> Callable[[Judge], Judge]:
    """Register a function as the operator of one or more command names.

    options: the option table (see OptionTable); None where the judge reads all arguments
    as operands. operands: "inputs" when operands are input files, "words" when they are
    not; a judge that knows better sets `inputs` (the last operands) itself. examples:
    invocations whose law is tested, as arguments in shell syntax: "-t, -k2,2n". pipes: it
    reads each of its inputs once, from start to end, and never prints the name of one.
    parses: it reads a program, so the compiler keeps its answers.
    """

    def register(judge: Judge) -> Judge:
        table = Unparsed("") if options is None else OptionTable(options + "\n--help\n--version")
        for name in names:
            _operators[name] = Operator(
                name, table, judge, operands, examples, permute, pipes, parses
            )
        return judge

    return register


def _load(module: str) -> None:
    """A file of built-in operators; a user's own of the same name stay in their place."""
    before = dict(_operators)
    importlib.import_module(f"leashc.operators.{module}")
    _operators.update(before)


def find(name: str) -> Operator | None:
    """The operator of a command name: loaded, built in, or from an entry point."""
    if name not in _operators:
        if name in _BUILT_IN:
            _load(_BUILT_IN[name])
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
        _load(module)
    return tuple(sorted(_operators))


def lawful() -> tuple[str, ...]:
    """The names of the commands that may be part of a divided stage: their laws are tested."""
    return tuple(name for name in known() if _operators[name].examples)


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
        unknown = EFFECTFUL.because(
            f"leashc does not know the command {argv[0]}",
            f"tell leashc how {argv[0]} can be divided, if it can: see docs/tutorial.md",
        )
        return unknown.but(argv=argv)
    law = found.behaviour(parsed(argv, environment, variables))
    if name := odd(environment, variables):
        why = f"the variable {name} changes what commands mean"
        remedy = f"unset {name}" if law.wide else ""
        return PURE.because(why, remedy).but(argv=argv)
    return law
