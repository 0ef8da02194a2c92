"""What operators say: every flag known, files met as the tools meet them, reasons for the rest."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leashc import bench, laws, operators
from leashc.behaviour import NO_NUL, TEXT, Behaviour, Framing, Joint, Kind
from leashc.invocation import Invocation, Locale
from leashc.operators.uniq import count_before_sort
from tests.nasty import cuts, examples, streams


def behaviour(command: str, locale: str = "C") -> Behaviour:
    return operators.judge(tuple(shlex.split(command)), variables={"LC_ALL": locale})


# Flags that the tools list for themselves.
MANUALS = (
    "cat",
    "cut",
    "grep",
    "head",
    "tail",
    "rev",
    "sort",
    "tee",
    "tr",
    "uniq",
    "wc",
    "sed",
    "seq",
    *("expand", "unexpand", "fold", "paste", "tac", "numfmt", "shuf", "date", "iconv"),
    *("strings", "xargs", "gzip", "xz"),
)


@pytest.mark.parametrize("name", [name for name in MANUALS if shutil.which(name)])
def test_every_flag_of_the_manual_is_known(name: str) -> None:
    manual = subprocess.run([name, "--help"], capture_output=True, text=True, check=True).stdout
    flags = re.findall(r"^ {1,8}(-\w\b)?(?:, )?(--[\w-]+)?", manual, re.MULTILINE)
    listed = {flag for pair in flags for flag in pair if flag}
    if name in ("cut", "numfmt"):
        listed.remove("-M")  # a way to write a list
    operator = operators.find(name)
    assert operator is not None
    assert len(listed) > 2
    known = {word for line in operator.options.lines for word in re.findall(r"-[-\w]+", line)}
    assert not listed - known


# command, kind, what the reason must speak of
NOT_WIDE = [
    ("cat -b", "pure", "-b"),
    ("cut -z -f1", "pure", "NUL"),
    ("cut -d '\n' -f1", "pure", "lines"),
    ("grep", "pure", "pattern"),
    ("grep -nH x", "pure", "-n"),
    ("grep -hn x a -", "pure", "each file"),
    ("grep -nm1 x", "pure", "-n"),
    ("grep -C 2 x", "pure", "around"),
    ("grep -5 x", "pure", "around"),
    ("grep -r x .", "pure", "directories"),
    ("grep x a -", "pure", "names"),
    ("grep -ch x a -", "pure", "each file"),
    ("grep -cH x a", "pure", "name"),
    ("grep -hm1 x a -", "pure", "each file"),
    ("grep -om1 x", "pure", "-m"),
    ("grep -m0 x", "pure", "-m"),
    ("grep -z x", "pure", "NUL"),
    ("grep --color x", "pure", "colours"),
    ("grep -f -", "pure", "-f -"),
    ("grep --frobnicate x", "pure", "--frobnicate"),
    ("gunzip a.gz", "effectful", "replaces"),
    ("gunzip -c a.gz", "pure", "entered"),
    ("zcat a.gz", "pure", "entered"),
    ("gzip -9", "pure", "byte"),
    ("gzip f", "effectful", "replaces"),
    ("gzip -dc f", "pure", "entered"),
    ("xz -S .c f", "effectful", "replaces"),
    ("zstd -19 --long=27", "pure", "byte"),
    ("zstd -dc f -o g", "effectful", "writes"),
    ("lz4 -d f", "effectful", "replaces"),
    ("zstdcat f", "pure", "entered"),
    ("bzcat f", "pure", "entered"),
    ("head -n -99999", "pure", "end"),
    ("head -v", "pure", "names"),
    ("head a b", "pure", "each file"),
    ("head -q -5", "pure", "old"),
    ("head -z", "pure", "NUL"),
    ("tail -f a", "pure", "grows"),
    ("tail -c +5", "pure", "bytes"),
    ("tail a b", "pure", "each file"),
    ("rev a b", "pure", "newline"),
    ("sort -o x a", "effectful", "-o"),
    ("sort --compress-program=gzip", "effectful", "program"),
    ("sort -R", "pure", "shuffles"),
    ("sort -k1,1R", "pure", "shuffles"),
    ("sort --sort=ran", "pure", "shuffles"),
    ("sort -c", "pure", "checks"),
    ("sort -m a b", "pure", "-m"),
    ("sort -z", "pure", "NUL"),
    ("sort -nd", "pure", "contradict"),
    ("sort -k2,1x", "pure", "keys"),
    ("sort -t ab", "pure", "separator"),
    ("sort -S lots", "pure", "-S"),
    ("sort +1", "pure", "old way"),
    ("sort --debug", "pure", "explains"),
    ("sort --files0-from=x", "pure", "named in a file"),
    ("tee", "effectful", "files"),
    ("tr a", "pure", "sets"),
    ("tr '[:x:]' b", "pure", "sets"),
    ("tr -ds '\\n' b", "pure", "seam"),
    ("uniq a b", "effectful", "second"),
    ("uniq -D", "pure", "groups"),
    ("uniq --group", "pure", "groups"),
    ("uniq -z", "pure", "NUL"),
    ("uniq -w x", "pure", "numbers"),
    ("uniq +1", "pure", "old way"),
    ("wc a b", "pure", "each file"),
    ("wc --files0-from=-", "pure", "special"),
    ("sed -i s/a/b/ f", "effectful", "-i"),
    ("sed -z s/a/b/", "pure", "NUL"),
    ("sed -f x", "pure", "-f"),
    ("sed", "pure", "script"),
    ("sed '$,/a/d'", "pure", "$"),
    ("sed '$p' a b", "pure", "file to file"),
    ("sed '/a/N;P;D'", "pure", "N"),
    ("sed ':a;N;s/a//;ta'", "pure", "N"),
    ("sed '/a/d;n'", "pure", "next"),
    ("sed '$!N;$!d'", "pure", "counts"),
    ("sed '$!{:a;s/a//;ta}'", "pure", "jumps"),
    ("sed '500s/a/b/'", "pure", "counts"),
    ("sed '0~500d'", "pure", "counts"),
    ("sed '2,~4d'", "pure", "disagree"),
    ("sed '2,/a/d'", "pure", "range"),
    ("sed '0,/a/d'", "pure", "range"),
    ("sed '/a/d;2,3p'", "pure", "before"),
    ("sed '2,3c x'", "pure", "before"),
    ("sed '2{:a;s/a//;ta}'", "pure", "jumps"),
    ("sed '2,3{5q}'", "pure", "ends"),
    ("sed 2q5", "pure", "ends"),
    ("sed 's/a/b/;3q'", "pure", "ends"),
    ("sed -n -e '/a/{=' -e 'p}'", "pure", "numbers"),
    ("sed '1r x'", "pure", "file"),
    ("sed -s '2s/a/b/' a b", "pure", "from file to file"),
    ("sed /a/,/b/d", "pure", "range"),
    ("sed 's/a/b/w x'", "effectful", "writes"),
    ("sed 's/a/b/e'", "effectful", "runs"),
    ("sed 'e date'", "effectful", "runs"),
    ("sed 'w x'", "effectful", "writes"),
    ("sed '/a/{s/b/c/;w x\n}'", "effectful", "writes"),
    ("sed 's,a,b,;N;P;D'", "pure", "(D)"),
    ("sed 'y/a/b/;x'", "pure", "hold"),
    ("sed -n =", "pure", "numbers"),
    ("sed '/a/!s//b/'", "pure", "empty"),
    ("sed //d", "pure", "empty"),
    ("sed 's/[/]/x/w'", "effectful", "read"),
    ("sed '#n\np'", "pure", "#n"),
    ("sed -n /a/p a b", "pure", "newline"),
    ("sed '/a/{p'", "effectful", "read"),
    ("awk '{print > \"x\"}'", "effectful", "writes"),
    ("awk '{print $1, $2 > $3}'", "effectful", "writes"),
    ("awk '{if ($1) print >> \"x\"; else print}'", "effectful", "writes"),
    ("awk '{print | \"sort\"}'", "effectful", "runs"),
    ("awk '{system($0)}'", "effectful", "runs"),
    ("awk '{\"date\" | getline}'", "effectful", "runs"),
    ("awk '{getline x}'", "pure", "getline"),
    ("awk '{x += $1}'", "pure", "variable (x)"),
    ("awk 'NR == 3, NR == 5'", "pure", "range"),
    ("awk '/a/,/b/'", "pure", "range"),
    ("awk 'BEGIN {RS = \"\"} {print}'", "pure", "RS"),
    ("awk -v RS= '{print}'", "pure", "RS"),
    ("awk 'BEGIN {print 1}'", "pure", "no rule"),
    ("awk '{print rand()}'", "pure", "random"),
    ("awk '{exit}'", "pure", "exit"),
    ("awk '{$0 = tolower($0); gsub(/a/, \"b\", y)} 1'", "pure", "variable (y)"),
    ("awk '{f($1)}'", "pure", "function f"),
    ("awk '/[/]/'", "effectful", "read"),
    ("awk '{switch (x) {case 1: print}}'", "effectful", "read"),
    ("awk '{print x; x = x $1}'", "pure", "variable (x)"),
    ("awk '{if (NF) x = $1; print x}'", "pure", "variable (x)"),
    ("awk '{a[$1] = 1; print a[1]}'", "pure", "array (a)"),
    ("awk '{a[$1]; print length(a)}'", "pure", "array (a)"),
    ("awk '$1 == x {next} {x = $1; print}'", "pure", "variable (x)"),
    ("awk 'seen[$0]++'", "pure", "array (seen)"),
    ("awk '!seen[$0]++ && NF'", "pure", "array (seen)"),
    ("awk '!seen[$0]++ {seen[1] = 0; print}'", "pure", "array (seen)"),
    ("awk '!n[$0]++ {u++} END {print u, n[1]}'", "pure", "keeps (n)"),
    ("awk '!n[$0]++ {u++} u > 3 {c++} END {print u, c}'", "pure", "keeps (n)"),
    ("awk '!n[$0]++ {u++; v++} END {print u}'", "pure", "keeps (n)"),
    ("awk '!n[$0]++ {u++} /x/ {u = 0} END {print u}'", "pure", "keeps (n)"),
    ("awk '{FS = \",\"} {print $1}'", "pure", "sets FS"),
    ("awk 'BEGIN {if (x) print 1} {print}'", "pure", "BEGIN"),
    ("awk 'BEGIN {getline} {print}'", "pure", "BEGIN"),
    ("awk 'BEGIN {print 1 > \"x\"} {print}'", "effectful", "writes"),
    ("awk '{print ENVIRON[\"HOME\"]}'", "pure", "environment"),
    ("awk 'function f(x) {n++; return x} {print f($1)}'", "pure", "changes the variable n"),
    ("awk 'function f(a, i) {a[i] = 1} {f(b, 1)} 1'", "pure", "changes an array"),
    ("awk '{print systime()}'", "pure", "time"),
    ("awk 'FNR == 2' a -", "pure", "each file"),
    ("awk '{leash_x = 1} 1'", "pure", "itself"),
    ("awk '{print; n++} END {print n}'", "pure", "prints records"),
    ("awk '/a/; END {print NR}'", "pure", "prints records"),
    ("awk '{x = $1} END {print x}'", "pure", "variable (x)"),
    ("awk '{n++; print_n = n} END {print n}'", "pure", "(n)"),
    ("awk '{s += $1; s = s * 2} END {print s}'", "pure", "(s)"),
    ("awk '{n[$1]++; if (n[$1] > 2) c++} END {print c}'", "pure", "(n)"),
    ("awk 'BEGIN {n = 5} {n++} END {print n}'", "pure", "begins with a value"),
    ("awk 'BEGIN {n = 0; n++} {n++} END {print n}'", "pure", "begins with a value"),
    ("awk 'BEGIN {n[1] = 0} {n[$1]++} END {print n[1]}'", "pure", "begins with a value"),
    ("awk -v n=5 '{n++} END {print n}'", "pure", "begins with a value"),
    ("awk '{u[$1]} END {for (k in u) c++; print c}'", "pure", "(u)"),
    ("awk '{n++} END {print $0, n}'", "pure", "last record"),
    ("awk '{n++} END {print}'", "pure", "last record"),
    ("awk '{n++} END {print n > \"x\"}'", "effectful", "writes"),
    ("awk '{n[$1]++} END {for (k in n) print k | \"sort\"}'", "effectful", "runs"),
    ("awk '{n[$1]++} END {for (k in n) {s = s k}; print s}'", "pure", "order"),
    ("awk '{n[$1]++} END {for (k in n) last = k; print last}'", "pure", "order"),
    ("awk '{n[$1]++} END {for (k in n) if (n[k] > m) m = n[k]; print m}'", "pure", "order"),
    ("awk '{n[$1 \"\\n\"]++} END {for (k in n) print k}'", "pure", "newline"),
    ("awk -v 'x=\\n' '{n[$1 x]++} END {print n[1]}'", "pure", "settings"),
    ("awk '{s += rand()} END {print s}'", "pure", "random"),
    ("awk '{print FILENAME}'", "pure", "file"),
    ("awk -f x", "pure", "-f"),
    ("awk 1 x=2 a", "pure", "variables"),
    ("awk ''", "pure", "no rule"),
    ("frobnicate", "effectful", "frobnicate"),
    ("join a", "pure", "two"),
    ("join --header a b", "pure", "first"),
    ("join -o auto a b", "pure", "first"),
    ("join -o 1.1 2.2 a b", "pure", "two"),
    ("join -t '' -1 2 a b", "pure", "one field"),
    ("join -tab a b", "pure", "separator"),
    ("join -1 0 a b", "pure", "field"),
    ("diff a b", "pure", "shortest"),
    ("cmp a b", "pure", "differs"),
    ("paste - - a", "pure", "side"),
    ("paste -s a b", "pure", "each file"),
    ("paste -sd,+", "pure", "in turns"),
    ("paste -sd ''", "pure", "in turns"),
    ("paste -sd '\\0'", "pure", "in turns"),
    ("paste -z", "pure", "NUL"),
    ("fold a b", "pure", "each file"),
    ("fold -c", "pure", "-c"),
    ("tac -s x", "pure", "records"),
    ("tac a b", "pure", "each file"),
    ("numfmt 12", "pure", "nothing"),
    ("numfmt --header", "pure", "first"),
    ("numfmt --invalid=x", "pure", "--invalid"),
    ("factor 12", "pure", "nothing"),
    ("iconv -f latin1", "pure", "locale"),
    ("iconv -f utf16 -t utf8", "pure", "lines"),
    ("iconv -f utf8 -t latin1//IGNORE", "pure", "lines"),
    ("iconv -f utf8 -t latin1 -o x", "effectful", "-o"),
    ("iconv -c -f utf8 -t latin1", "pure", "-c"),
    ("iconv -f utf8 -t latin1 a b", "pure", "file"),
    ("strings -t x", "pure", "offsets"),
    ("strings -e l", "pure", "wider"),
    ("strings -w", "pure", "-w"),
    ("xargs", "pure", "quote"),
    ("xargs -n2", "pure", "quote"),
    ("xargs -d '\n' -n2", "pure", "several"),
    ("xargs -rd '\n' -n1 basename", "pure", "basename"),
    ("xargs -0 -n1", "pure", "NUL"),
    ("xargs -d '\n' -n1", "pure", "-r"),
    ("xargs -P4 -d '\n' -n1", "pure", "-P"),
    ("xargs -d '\n' -n1 rm", "effectful", "rm"),
    ("jq -s .", "pure", "one value"),
    ("jq -MR input", "pure", "input"),
    ("jq -MR '\"\\(input)\"'", "pure", "input"),
    ("jq -MRn inputs", "pure", "-n"),
    ("jq -MR --arg a b '$a'", "pure", "--arg"),
    ("nl -bp^a", "pure", "matched"),
    ("nl -ba -l2", "pure", "-l"),
    ("nl -d abc", "pure", "newer"),
    ("sha256sum", "pure", "checksum"),
    ("base64 -d", "pure", "bytes"),
    ("od -c", "pure", "rows"),
    ("comm a", "pure", "two"),
    ("comm --total a b", "pure", "total"),
    ("comm -z a b", "pure", "NUL"),
    ("xxd", "pure", "rows"),
    ("xxd -r a b", "effectful", "second"),
    ("shuf", "pure", "all its lines"),
    ("shuf -o x", "effectful", "-o"),
    ("dd bs=1M", "pure", "blocks"),
    ("dd of=x", "effectful", "of="),
    ("find . -name x", "pure", "directories"),
    ("find . -name x -delete", "effectful", "-delete"),
    ("ls -la", "pure", "machine"),
    ("date +%s", "pure", "time"),
    ("date 01010000", "effectful", "clock"),
    ("echo -n a", "pure", "nothing"),
    ("rm f", "effectful", "files"),
    ("curl x", "effectful", "machine"),
    ("sh -c x", "effectful", "program"),
]


@pytest.mark.parametrize(("command", "kind", "about"), NOT_WIDE, ids=[n[0] for n in NOT_WIDE])
def test_what_is_not_wide_says_why(command: str, kind: str, about: str) -> None:
    judged = behaviour(command, "C.UTF-8")
    assert judged.kind == kind, judged
    assert about in judged.reason
    assert not judged.reason.endswith(".")
    assert not judged.reason[0].isupper()
    # It runs as it was given.
    assert judged.argv == tuple(shlex.split(command))
    assert judged.inputs == ()


def test_facts() -> None:
    assert not behaviour("sort -R").deterministic
    assert not behaviour("awk '{print rand()}'").deterministic
    assert behaviour("seq 10").source
    assert behaviour("echo -n a").source
    assert behaviour("zcat f").source
    assert not behaviour("zcat").source
    assert not behaviour("zcat - f").source
    assert behaviour("xargs -n1").kind is Kind.AGGREGATE
    assert behaviour("xargs -rd '\n' -n1 echo a").framing is Framing.RECORDS
    assert behaviour("xargs -rd '\n' -n1 echo -n").framing is Framing.NONE
    assert behaviour("xargs -d '\n' -I{} echo {} a").framing is Framing.NONE
    assert behaviour("cat a b").joint is Joint.BYTES
    assert behaviour("sort a b").joint is Joint.RECORDS
    assert behaviour("grep -f words a").reads == ("words",)
    assert behaviour("grep -f words a").inputs == ("a",)
    assert behaviour("grep x -").inputs == ()
    assert behaviour("grep x").guard is NO_NUL
    assert behaviour("grep x", "C.UTF-8").guard is TEXT
    assert behaviour("grep -a x", "C.UTF-8").guard is None
    assert behaviour("grep -q x a").stops_early
    assert behaviour("head -n 2").framing is Framing.RECORDS
    assert behaviour("head -c 2").framing is Framing.NONE
    assert behaviour("sort -n a").inputs == ("a",)
    assert behaviour("sort -T /x -S 1G a").map[0][-2:] == ("-T", "/x")
    assert "1G" not in behaviour("sort -S 1G").map[0]
    odd = operators.judge(("sort",), variables={"POSIXLY_CORRECT": ""})
    assert odd.kind is Kind.PURE


FILES = [
    *("expand", "unexpand -a", "cat -nE"),
    *("cat", "cat -n", "cat -s", "cut -c1-2", "cut -f2", "grep -h a", "grep -q b", "grep -v -h a"),
    *("sort", "sort -r", "sort -s -k1,1", "sed s/a/b/", "sed G", "awk 1", "awk '{print $1}'"),
]
ONE_FILE = [
    *("uniq", "uniq -c", "wc", "wc -l", "wc -lc", "wc -L", "head -n 2", "head -c 3", "tail -n 2"),
    *("tail -n +2", "grep -H a", "grep a", "grep -c a", "grep -m1 a", "rev", "sed 2d", "sed /a/d"),
    *(
        "sed -n /a/p",
        "sed '1!G'",
        "sed =",
        "sed -n '$='",
        "sed '$!d'",
        "sed '$d'",
        "sed 2q",
        "awk 'NR > 1'",
    ),
    *("tail +2", "head -2", "grep -n a", "fold -w 2", "tac", "paste", "paste -sd,"),
    "iconv -f latin1 -t utf8",
]


@pytest.mark.parametrize("command", FILES + ONE_FILE)
def test_files_are_met_as_the_command_meets_them(command: str, tmp_path: Path) -> None:
    """The real command on its files; the law on what a reader makes of them."""
    number = 3 if command in FILES else 1
    paths = [tmp_path / f"file {n}" for n in range(number)]
    argv = (*shlex.split(command), *map(str, paths))
    judged = operators.judge(argv, variables={"LC_ALL": "C.UTF-8"})
    assert judged.wide, judged.reason
    assert judged.inputs == tuple(map(str, paths))

    @examples(12)
    @given(st.lists(streams(), min_size=number, max_size=number), cuts)
    def holds(files: list[bytes], places: list[int]) -> None:
        data = b""
        for path, content in zip(paths, files, strict=True):
            path.write_bytes(content)
            glued = judged.joint is Joint.BYTES or data[-1:] in (b"", b"\n") or not content
            data += content if glued else b"\n" + content
        if laws.fits(judged.guard, data):
            trial = bench.Bench("C.UTF-8", tmp_path, len(data) if number == 1 else -1)
            whole = trial.run((argv,), b"")
            assert trial.by_parts(judged, data, places)[1] == whole, (files, places)

    holds()


@examples(25)
@given(streams(), cuts, st.sampled_from(["uniq -c", "uniq -d", "uniq -u", "uniq -cd", "uniq -cu"]))
def test_counting_before_sorting(data: bytes, places: list[int], command: str) -> None:
    judged = count_before_sort(parsed("sort -S 1M"), parsed(command))
    assert judged is not None
    with tempfile.TemporaryDirectory() as scratch:
        trial = bench.Bench("C", Path(scratch))
        whole = trial.run((("sort",), tuple(command.split())), data)
        assert trial.by_parts(judged, data, places)[1] == whole


def parsed(command: str, locale: str = "C") -> Invocation:
    name, *arguments = shlex.split(command)
    operator = operators.find(name)
    assert operator is not None
    options, operands = operator.options.parse(tuple(arguments))
    where = Locale(locale, locale, locale)
    return Invocation(name, tuple(arguments), (), where, options, operands)


@pytest.mark.parametrize(
    ("sort", "uniq", "locale"),
    [
        ("sort -n", "uniq -c", "C"),
        ("sort -r", "uniq -c", "C"),
        ("sort", "uniq -ci", "C"),
        ("sort", "uniq", "C"),
        ("sort", "uniq -c a", "C"),
        ("sort", "uniq -du", "C"),
        ("sort", "uniq -c", "en_US.UTF-8"),
    ],
)
def test_counting_before_sorting_is_not_sound(sort: str, uniq: str, locale: str) -> None:
    assert count_before_sort(parsed(sort, locale), parsed(uniq, locale)) is None


SETS = r"""a b - z a-z A-Z 0-9 [ ] : = * \ \n \\ \12 \0 \377 \400 \- [:alpha:] [:upper:] [:lower:]
    [:space:] [:punct:] [:cntrl:] [=a=] [x*] [x*3] [x*010] [\n*] []*] é \q z-a \a-\n [: [a* [=-=]
    [a-c] [\:alpha:]""".split()
FLAGS = ("", "-d", "-c", "-t", "-s", "-ds", "-cd", "-cs", "-ct", "-st", "-cds")


@examples(150)
@given(
    st.sampled_from(FLAGS),
    st.lists(st.lists(st.sampled_from(SETS), min_size=1, max_size=4), min_size=1, max_size=2),
)
def test_sets_of_tr(flags: str, sets: list[list[str]]) -> None:
    """The bytes that we believe a set to hold, against tr's own."""
    from leashc.operators.tr_sets import table

    arguments = (*flags.split(), "--", *map("".join, sets))
    operator = operators.find("tr")
    assert operator is not None
    options, operands = operator.options.parse(arguments, permute=False)
    found = table(Invocation("tr", arguments, (), Locale(), options, operands))
    data = bytes(byte for byte in range(256) for _ in range(2)) + bytes(range(256))
    real = subprocess.run(["tr", *arguments], input=data, capture_output=True, check=False)
    if found is None or real.returncode:
        return
    mapped, squeezed = found
    printed = bytearray()
    for byte in data:
        becomes = mapped[byte]
        if becomes is None or (becomes in squeezed and printed[-1:] == bytes((becomes,))):
            continue
        printed.append(becomes)
    assert bytes(printed) == real.stdout
