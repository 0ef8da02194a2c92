"""sed: wide where lines are edited each on its own, or told by their numbers."""

from leashc.behaviour import EFFECTFUL, PURE, STATELESS, Behaviour, aggregate, indexed
from leashc.invocation import Invocation
from leashc.languages.grammars import Unreadable
from leashc.languages.sed_syntax import Last, Line, Match, Node, Script
from leashc.operators import operator, sed_groups, sed_laws
from leashc.operators.scripts import Acts, Whole
from runtime.slots import INDEX, LAST


@operator(
    "sed",
    options="""
        -n --quiet --silent
        --debug
        -e --expression=SCRIPT
        -f --file=FILE
        --follow-symlinks
        -i --in-place[=SUFFIX]
        -l --line-length=N
        --posix
        -b --binary
        -E -r --regexp-extended
        -s --separate
        --sandbox
        -u --unbuffered
        -z --null-data
    """,
    operands="words",
    parses=True,
    examples=(
        "s/a/b/",
        "'s/a/x/g; s,b,y,2'",
        "-E 's/(a+)(b?)/\\2\\1/I'",
        "-n /a/p",
        "-n 's/a/x/gp'",
        "/a/d",
        "'/a/!d'",
        "'/a/I{s/b/c/;p}'",
        "'/a/s//[&]/g'",
        "y/ab/ba/",
        "-e s/a/b/ -e s/b/c/",
        "':x;s/^\\( *\\)a/\\1 /;tx'",
        "'/b/b end; s/a/x/; :end'",
        "'/a/a after'",
        "'i\\\nbefore\\\nit'",
        "'/a/c instead'",
        "G",
        "z",
        "l",
        "-u 's/$/\\r/'",
        "-s 's/a/\\n/'",
        "'s/a/\\x41/'",
        "1d",
        "3d",
        "2,3d",
        "3,2d",
        "2,+1d",
        "'1d;s/a/b/'",
        "-n '1d;/a/p'",
        "1q",
        "3q",
        "/b/q",
        "-n 2p",
        "-n 2,3p",
        "-n '$p'",
        "'$!d'",
        "-n '$='",
        "=",
        "'1!G'",
        "'1s/a/x/;3s/^/> /'",
        "'2,$s/a/x/'",
        "'2,4!s/$/-/'",
        "2,+1y/ab/ba/",
        "'1i header'",
        "'2a\\\nafter'",
        "'0~2d'",
        "-n 1~3p",
        "'1~2s/$/./;0~3!s/^/-/'",
        "'3{s/a/b/;/b/d}'",
        "'$d'",
        "'$s/a/x/'",
        "'$!s/$/,/'",
        "-n '1p;$p'",
        "'1d;$d'",
        "'$!{s/a/x/;/b/d};$a end'",
        "'1~2d;$s/^/> /'",
        "'n;d'",
        "-n 'n;p'",
        "'N;s/\\n/ /'",
        "'$!N;s/\\n/,/;/a/d'",
        "'s/a/x/;N;N;s/\\n/+/g'",
    ),
)
def sed(cmd: Invocation) -> Behaviour:
    """Each line is edited on its own, or lines are told by their numbers alone."""
    if cmd.has("-i"):
        remedy = "sed … FILE > NEW, which is then renamed" if _wide_without(cmd, "-i") else ""
        return EFFECTFUL.because("it rewrites its files (-i)", remedy)
    if cmd.has("--posix"):
        remedy = "sed without --posix" if _wide_without(cmd, "--posix") else ""
        return PURE.because("leashc reads GNU sed's language (--posix)", remedy)
    for option, reason, remedy in (
        ("-z", "its records end in NUL", ""),
        ("-f", "its script is in a file (-f)", "sed '…', with the script as a word"),
        ("--debug", "it explains itself (--debug)", ""),
    ):
        if cmd.has(option):
            return PURE.because(reason, remedy)
    given = [option.value or "" for option in cmd.options if option.name == "-e"]
    if not given and not cmd.operands:
        return PURE.because("it has no script")
    text = "\n".join(given) if given else cmd.operands[0]
    if text.startswith("#n"):
        return PURE.because("leashc does not know what its first line (#n) does")
    from leashc.languages.sed_parser import parse  # here, for it takes Lark

    inputs = cmd.operands if given else cmd.operands[1:]
    try:
        script = parse(text)
        judged = _simple(cmd, script) or _script(cmd, script, several=len(inputs) > 1)
    except Unreadable:
        return EFFECTFUL.because("leashc cannot read its script, and so not what it does")
    except Acts as acts:
        return EFFECTFUL.because(str(acts))
    except Whole as whole:
        return PURE.because(str(whole), _joined(cmd, inputs))
    if len(inputs) > 1 and judged.kind != "stateless":
        return PURE.because("it counts lines from file to file", _joined(cmd, inputs))
    return judged.but(inputs=inputs)


def _wide_without(cmd: Invocation, option: str) -> bool:
    return sed(cmd.without(option)).wide


def _joined(cmd: Invocation, inputs: tuple[str, ...]) -> str:
    """The remedy for a script that several files stand in the way of."""
    if len(inputs) < 2 or cmd.has("-s"):
        return ""
    alone = sed(cmd._replace(operands=cmd.operands[: -len(inputs)]))
    return "cat FILE … | sed …, if each ends in a newline" if alone.wide else ""


def _call(cmd: Invocation, text: str) -> tuple[str, ...]:
    return (cmd.name, *cmd.flags_without("-e"), "-e", text)


def _script(cmd: Invocation, script: Script, *, several: bool) -> Behaviour:
    """Any script, by its commands. Raises Whole or Acts."""
    group = sed_groups.group(script)
    found = sed_laws.stateless(sed_groups.within(script) if group > 1 else script)
    if group > 1:
        text = not found.escapes and not (found.edits and cmd.locale.bytewise)
        return indexed(group=group, argv=_call(cmd, script.text)).but(keeps_text=text)
    if several and (found.deletes or cmd.has("-n")):
        raise Whole("what ends a file without a newline depends on the next file")
    # Where characters are bytes, an edit may break one.
    text = not found.escapes and not (found.edits and cmd.locale.bytewise)
    if not sed_laws.counts(script) and not sed_laws.ends(script):
        return STATELESS.but(argv=_call(cmd, script.text), keeps_text=text)
    if dropped := sed_laws.dropped(script):
        lines, rest = dropped
        argv = _call(cmd, rest) if rest or cmd.has("-n") else ("cat",)
        return indexed(drop=lines, argv=argv).but(keeps_text=text)
    scripts, loop, ends = sed_laws.numbered(script)
    place = INDEX if sed_laws.counts(script) else "0"
    count = str(len(scripts) // 2 if ends else len(scripts))
    words = (place, LAST if ends else "", str(loop), count, *scripts)
    argv = ("@nth", *words, *_call(cmd, "")[:-1])
    return indexed(argv=argv).but(keeps_text=text)


def _simple(cmd: Invocation, script: Script) -> Behaviour | None:
    """Scripts of one command that another law serves: `5q`, `$!d`, `-n '$='`."""
    if len(script.commands) != 1:
        return None
    (node,) = script.commands
    quiet, where = cmd.has("-n"), node.where
    whole = _call(cmd, script.text)
    if where.negated:
        last = where == where._replace(first=Last(), last=None) and node.name == "d"
        return _last() if last and not quiet else None
    match node.name, where.first, where.last:
        case "q", Line() | Match(), None if not quiet and _known(node):
            # Not head: where sed quits, it ends a line that has no newline.
            law = aggregate(map=whole, combine=whole)
            return law.but(stops_early=True, keeps_text=True)
        case "p", Line(first), Line() | None if quiet and first:
            end = where.last.number if isinstance(where.last, Line) else first
            head = ("head", "-n", str(max(first, end)))
            return aggregate(map=head, combine=head, finish=whole).but(keeps_text=True)
        case "p", Last(), None if quiet:
            return _last()
        case "=", Last(), None if quiet:
            return aggregate(map=whole, combine=("@sum", "+")).but(keeps_text=True)
        case "=", None, None if not quiet:
            return indexed(argv=("@number", "--above", INDEX)).but(keeps_text=True)
    return None


def _known(node: Node) -> bool:
    """Whether a `q` ends with 0, at a line or an expression that stands there."""
    first = node.where.first
    plain = first.number > 0 if isinstance(first, Line) else first != Match("", "")
    return plain and not getattr(node, "argument", "")


def _last() -> Behaviour:
    last = ("tail", "-n", "1")
    return aggregate(map=last, combine=last).but(keeps_text=True)
