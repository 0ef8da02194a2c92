"""awk: wide where records are treated each on its own, numbered, or summed up at the END."""

import re
from collections.abc import Iterable

from leashc.behaviour import (
    EFFECTFUL,
    NO_NUL,
    PURE,
    STATELESS,
    Behaviour,
    Framing,
    Status,
    aggregate,
    by_file,
    indexed,
    several_files,
)
from leashc.invocation import Invocation, Option
from leashc.languages.awk_syntax import Program
from leashc.languages.grammars import Unreadable
from leashc.operators import awk_aggregate, awk_laws, awk_window, operator
from leashc.operators.scripts import Acts, Random, Whole
from runtime.slots import BEFORE, INDEX, INPUTS


@operator(
    "awk",
    "gawk",
    "mawk",
    options="""
        -F --field-separator=FS
        -v --assign=ASSIGNMENT
        -f --file=FILE
        -W=OPTION
    """,
    operands="words",
    permute=False,
    parses=True,
    examples=(
        "'{print $1}'",
        "1",
        "-F, '{print $2, NF}'",
        "-F '[ab]' '{print $1}'",
        "-v x=2 '$1 > x'",
        "'/a/ && !/b/'",
        "'$1 ~ /^a/ {print $NF; next} {print \"no\"}'",
        "'length > 3'",
        "'length($0) % 2 == 1'",
        "'{$2 = \"\"; print}'",
        "'{$1++; print $1 * 2 + .5}'",
        "'{gsub(/a/, \"&b\"); print}'",
        '\'{sub("b", "", $1)} 1\'',
        "'{printf \"%s-%d\\n\", $1, $2}'",
        "'{printf(\"%s \", $1)}'",
        "'{print toupper(substr($1, 1, 2)) index($0, \"b\")}'",
        '\'BEGIN {FS = ","; OFS = "-"} {$1 = $1} 1\'',
        "'{if ($1 == \"a\") print; else if (NF > 1) {print $2}}'",
        "'$1 > 5 ? $2 : $3'",
        "'NF'",
        '\'!NF {next} {print "[" $0 "]"}\'',
        "'{print ($1 > $2), ($1 / 2), sprintf(\"%03d\", $1)}'",
        "-v OFS=: '{print $1, $2}'",
        '\'{for (i = NF; i > 0; i--) printf "%s%s", $i, (i > 1 ? OFS : "\\n")}\'',
        "'{n = split($0, part, /a/); x = part[1]; x = x n; print x}'",
        "'function f(s, t) {t = s s; return t} {print f($1)}'",
        "'{s = 0; for (i = 1; i <= NF; i++) s += $i; print s / NF}'",
        "'{print $(NF - 1)}'",
        "'$0 ~ $1'",
        '\'BEGIN {m["a"] = 1; print "head"} {print m[$1] + 1}\'',
        "'match($0, /b+/) {print substr($0, RSTART, RLENGTH)}'",
        "'NR > 1'",
        "'NR != 2 {print $1}'",
        "'NR >= 3'",
        "'NR == 1 {next} {print $2}'",
        "'NR == 2'",
        "'NR % 2 {print NR, $0}'",
        "'FNR == 1 || /a/'",
        "'!seen[$0]++'",
        "'{print FILENAME, FNR, $1}' f g",
        "'!n[$1]++ {u++} END {print u, NR, u / NR}'",
        "'FNR > 1' f g h",
        "'p {print p, $0} {p = $0}'",
        "'{print a, b, $1; a = b; b = $NF}'",
        "'NR > 1 {print $1 - p} {p = $1}'",
        '\'BEGIN {print "x"; p = 7} $1 != p {print NR} {p = $1 ""}\'',
        "'NF && !s[$1, $2]++ {print $1}'",
        "'END {print NR}'",
        "'{n++} END {print n; print NR / 2}'",
        "'BEGIN {n = 0; FS = \",\"} /a/ {n += NF} END {print n}'",
        "'END {print $NF}'",
        "'BEGIN {print \"x\"} END {print NF, $0}'",
        "'/a/ {n++} END {print n + 0; exit !n}'",
        "'{s += $1} END {print s}'",
        "'$1 > 5 {s += $1 * 2; n += NF} END {print s, n}'",
        "'NR % 2 {s -= $1} END {printf \"%d\\n\", s}'",
        "'{n[$1]++} END {for (k in n) print k, n[k]}'",
        "-F '\\t' '{n[$2]++} END {for (k in n) print n[k], k}'",
        "'NR > 1 {s[$1, $2] += $NF} END {for (k in s) print k, s[k]}'",
        "'{n[$1]++} END {for (k in n) c++; print c, length(n)}'",
        "'{a[$1] = a[$1] \" \" $2} END {for (k in a) print k a[k]}'",
        "-F '\\t' '{t = t \"%20\" $1; n += 1} END {print n, length(t), t}'",
        "'length > most {most = length} END {print most}'",
        "'NR == 1 || $1 > top {top = $1} END {print top}'",
        '\'{if (low == "" || $1 < low) low = $1} END {print "least", low}\'',
        "'/a/ {found = 1} END {exit !found}'",
        '\'BEGIN {print "x"} {for (i = 1; i <= NF; i++) w[$i]++} END {print w["a"] + 0}\'',
    ),
)
def awk(cmd: Invocation) -> Behaviour:
    """Records one by one, by their numbers, or taken in and summed up at the END."""
    if cmd.has("-f"):
        return PURE.because(
            "its program is in a file (-f)", f"{cmd.name} '…', with the program as a word"
        )
    if cmd.has("-W"):
        return PURE.because("leashc does not know its option -W")
    if not cmd.operands:
        return PURE.because("it has no program")
    inputs = cmd.operands[1:]
    if any(re.match(r"[A-Za-z_]\w*=", word) or not word for word in inputs):
        remedy = f"{cmd.name} -v NAME=VALUE" if _settings_first(cmd).wide else ""
        return PURE.because("it sets variables between its files", remedy)
    settings = dict((o.value or "").partition("=")[::2] for o in cmd.options if o.name == "-v")
    if fixed := sorted((awk_laws.FIXED | {"NF"}) & settings.keys()):
        return PURE.because(f"it sets {fixed[0]}")
    from leashc.languages.awk_parser import parse  # here, for it takes Lark

    try:
        program = parse(cmd.operands[0])
        law = (
            _ending(cmd, program, settings) if program.of("END") else _records(cmd, program, inputs)
        )
    except Unreadable:
        return EFFECTFUL.because("leashc cannot read its program, and so not what it does")
    except Acts as acts:
        return EFFECTFUL.because(str(acts))
    except Random as random:
        return PURE.because(str(random)).but(deterministic=False)
    except Whole as whole:
        return PURE.because(str(whole))
    separator = settings.get("FS", cmd.value("-F") or " ")
    plain = len(separator) == 1 and all(v.isascii() and "\\" not in v for v in settings.values())
    return law.but(
        inputs=inputs,
        guard=None
        if law.joined
        else NO_NUL,  # mawk's functions read on from a NUL into older strings
        framing=Framing.RECORDS if awk_laws.lines(program) else Framing.NONE,
        keeps_text=awk_laws.keeps_text(program) and plain and separator.isascii(),
    )


def _settings_first(cmd: Invocation) -> Behaviour:
    """The law if what is set between its files were set by -v."""
    settings = [word for word in cmd.operands[1:] if "=" in word or not word]
    files = [word for word in cmd.operands[1:] if word not in settings]
    options = (*cmd.options, *(Option("-v", word, ("-v", word)) for word in settings))
    return awk(cmd._replace(options=options, operands=(cmd.operands[0], *files)))


def _records(cmd: Invocation, program: Program, inputs: tuple[str, ...]) -> Behaviour:
    """A program without END. Raises Whole, Random or Acts."""
    if not program.of(""):
        raise Whole("it has no rule for lines")
    facts = awk_laws.examined(program, by_file=several_files(inputs))
    # Where it gives up half-way (a field -1, a bad expression), nothing after that counts.
    fails = {"status": Status.ANY}
    if several_files(inputs) and facts.flow.used & {"FILENAME", "FNR"}:
        if not (facts.flow.carried or facts.headed or "NR" in facts.flow.used):
            return by_file(argv=cmd.argv(program.text, INPUTS), files=inputs).but(**fails)
        if "FILENAME" in facts.flow.used:
            raise Whole("it looks at the name of its file")
    index = INDEX if facts.numbered or facts.headed else "0"
    if facts.flow.carried and (found := awk_window.window(program, facts)):
        records, again = found
        argv = cmd.argv(awk_laws.placed(program, again), index, BEFORE)
        return indexed(before=records, argv=argv).but(**fails)
    if facts.flow.carried:
        return _distinct(cmd, program, facts)
    dropped = None if facts.headed else awk_laws.dropped(program)
    if dropped and (len(inputs) < 2 or "FNR" not in facts.flow.used):
        lines, text = dropped
        return indexed(drop=lines, argv=cmd.argv(text)).but(**fails)
    if "FNR" in facts.flow.used and len(inputs) > 1:
        raise Whole("it numbers the lines of each file (FNR)")
    if facts.numbered or facts.headed:
        return indexed(argv=cmd.argv(awk_laws.placed(program), INDEX)).but(**fails)
    return STATELESS.but(argv=cmd.argv(program.text), **fails)


def _distinct(cmd: Invocation, program: Program, facts: awk_laws.Facts) -> Behaviour:
    """`!seen[$0]++`: the records that come first, and then what is done to them."""
    rest = awk_laws.distinct(program)
    if not rest or len(facts.flow.carried) != 1 or facts.headed or facts.numbered:
        raise awk_laws.carries(program, facts.flow.carried)
    (rule,) = program.of("")
    end = rule.patterns[0].span[1]
    first = cmd.argv(awk_laws.edited(program.text, [((end, rule.span[1]), "\n")]))
    finish = cmd.argv(rest) if rule.action is not None else ()
    return aggregate(map=first, combine=first, finish=finish).but(ends=bool(finish))


def _ending(cmd: Invocation, program: Program, settings: Iterable[str]) -> Behaviour:
    """A program with END. Raises Whole, Random or Acts."""
    if awk_laws.only_ends(program):
        last = ("tail", "-n", "1")
        return aggregate(map=last, combine=last, finish=cmd.argv(program.text)).but(ends=True)
    from leashc.operators.awk_distinct import counted_at_the_end

    found = awk_aggregate.derived(counted_at_the_end(program), settings)
    if any("\\" in (option.value or "") for option in cmd.options if option.name == "-v"):
        raise Whole("leashc does not know what its settings hold (\\)")
    index = (INDEX,) if found.numbered else ()
    law = aggregate(
        map=cmd.argv(found.map, *index),
        combine=("@tally", *found.operators),
        finish=cmd.argv(found.finish),
    )
    if found.rest:
        law = law.but(status=Status.ZERO, rest=cmd.argv(found.rest, INPUTS, "-"))
    return law.but(ends=True, keeps_order=not found.shuffles)
