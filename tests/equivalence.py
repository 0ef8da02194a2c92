"""Random pipelines against `bash -c`, byte for byte and status for status.

    python -m tests.equivalence --count 5000 [--seed N]

Each case is made from its seed alone: a pipeline of one to five commands out of
all operators, perhaps with others in `<( )` or `$( )`, one or two nasty inputs, a
width from 1 to 7, a locale, and a way for the input to arrive. A difference prints
the seed that makes it again.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from leashc import host, machine
from leashc.compile import Unit, compile
from leashc.substitution import substituting
from runtime.local import run
from runtime.plan import Options
from runtime.tasks import Settings

COMMANDS = """
cat|cat -n|cat -A|cat -s|cat -b|cat -v|cat -E|cat -T|cat -u|cat -nE
sort|sort -r|sort -n|sort -rn|sort -u|sort -k2|sort -k2,2n -k1,1|sort -t, -k2|sort -f|sort -d
sort -i
sort -b|sort -g|sort -h|sort -s -k1,1|sort -u -k1,1|sort -s|sort -z|sort -c|sort -M|sort -V
sort -uf
sort -nu|sort -t ' ' -k 2nr|sort --reverse --unique|sort -k1,1 -u -s
sort -R --random-source=/dev/zero
uniq|uniq -c|uniq -d|uniq -u|uniq -i|uniq -f1|uniq -s2|uniq -w3|uniq -ci|uniq -D|uniq -dc|uniq -z
sort \\| uniq|sort \\| uniq -c|sort \\| uniq -d|sort \\| uniq -u|sort -u \\| uniq -c
sort \\| uniq -c \\| sort -rn|sort -r \\| uniq -c|sort \\| head -n 2|sort -rn \\| head -n 3
wc|wc -l|wc -w|wc -c|wc -m|wc -L|wc -lwc|wc -lL|wc -cl
grep a|grep -v a|grep -c a|grep -i B|grep -o '[ab]'|grep -w an|grep -x a|grep -E 'a|b'|grep -F .
grep -P 'a.'|grep -q a|grep -n a|grep -m2 a|grep -vc a|grep -A1 a|grep -b a|grep -a a
grep -e a -e b
grep ''|grep '^$'|grep -v '^$'|grep -z a|grep -l a|grep -L a|grep -H a|grep -h a|grep -s a
grep '['
egrep '(a|an)+'|fgrep a.b|grep -ic A|grep -vx a|grep -ow 'a[a-z]*'|grep zzz|grep -cv zzz
grep -m0 a
cut -d' ' -f1|cut -c1-3|cut -b2-|cut -f2|cut -d, -f2- -s|cut -c2 --complement|cut -d' ' -f1,3
cut -z -c1
cut -d' ' -f2 --output-delimiter=:|cut -c1,3|cut -f1 -d a
tr a-z A-Z|tr -d a|tr -s a|tr -cs A-Za-z '\\n'|tr -d '\\n'|tr '\\n' ' '|tr ' ' '\\n'|tr -s '\\n'
tr -c a-z '\\n'|tr -dc 'a-z\\n'|tr -s ' ' '\\n'|tr -d '[:punct:]'|tr -cd a-z|tr -s '[:space:]'
tr -ds a b
tr '[:upper:]' '[:lower:]'|tr -d '\\r'|tr -d '\\000'|tr a '\\000'|tr -ts abc x
tr -s '[:space:]' '\\n'
rev|rev \\| sort \\| rev
head|head -n 2|head -c 7|head -n 0|head -n -2|head -c -3|head -5|head -q -n1
tail|tail -n 2|tail -c 7|tail -n +2|tail -n +5|tail -c +3|tail -n 0|tail -3|tail -n +1
sed s/a/X/|sed 's/a/X/g;s/b/Y/'|sed -n /a/p|sed /a/d|sed 1d|sed 2q|sed -n 2p|sed '$d'|sed 2,3d
sed -E 's/(a)(b)/\\2\\1/'|sed y/abc/xyz/|sed 's/^/> /'|sed 3d|sed 5q|sed ''|sed -n ''|sed /a/!d
sed G|sed =|sed 'N;s/\\n/ /'|sed -n '$='|sed '/a/,/b/d'|sed -z s/a/X/|sed s/a//2
sed -e 1d -e s/a/b/|sed '1d;s/a/b/g;/^$/d'|sed '1s/^/> /;3!s/a/A/'|sed '2,$s/b/B/'|sed 0~3d
sed -n 2~2p|sed '1i head'|sed '$!d'|sed -n '$p'|sed '/a/q'|sed '/b/i above'|sed '2a\\below'
sed '/a/s//[&]/'|sed -E '/^[0-9]+/!d;s/([0-9]+).*/\\1/'|sed 'n;d'|sed '$!s/$/,/'|sed 2q5|sed 2,+1d
sed -n '1p;$p'|sed '1d;$d'|sed -n 'n;p'|sed '$!N;$!N;s/\\n/,/g'|sed '2s/a/b/;$i end'
sed ':a;s/^( *)a/\\1 /;ta'|sed 's/ *$//;/^$/d'|sed '1!G;h;$!d'|sed l|sed '/a/c b'|sed '2{s/a/b/;p}'
awk '{print $1}'|awk '{print $2, $1}'|awk '$1 > 10'|awk NF|awk '/a/'|awk '{print NF}'
awk -F, '{print $2}'
awk '{print NR, $0}'|awk 'END{print NR}'|awk '{n[$1]++} END{for(k in n) print n[k]}'|awk 'NR==2'
awk '!/a/{print length($0)}'|awk '{$1=""; print}'|awk '{print toupper($0)}'
awk '{print substr($0,2,3)}'
awk '!seen[$0]++'|awk '{s+=$1} END{print s}'|awk 'length > 3'|awk '{gsub(/a/,"b"); print}'|awk 1
awk '$1 ~ /a/ {print $1}'|awk '{printf "%s\\n", $1}'|awk '{printf "%s ", $1}'
awk '{n[$1]++} END {for (k in n) print k, n[k]}' \\| sort|awk '{print $(NF-1)}'|awk 'NR>1'
awk '{s[$1] += $2} END {for (k in s) print s[k], k}' \\| sort -rn|awk '{s += $2} END {print s/NR}'
awk -F, 'NR > 1 {c[$2]++} END {for (k in c) print k "," c[k]}' \\| sort -t, -k2nr|awk 'FNR%2==1'
awk '/a/ {n++} END {print n + 0; exit !n}'|awk 'NF && !s[$1]++ {print $1}'|awk 'NR==1 \\|\\| /a/'
awk '$1 > m {m = $1} END {print m}'|awk 'NR == 1 \\|\\| $1 < m {m = $1} END {print m}'
awk 'length > m {m = length} END {print m}'|awk '{for (i = 1; i <= NF; i++) if ($i ~ /a/) print i}'
awk '{for (i = 1; i <= NF; i++) w[$i]++} END {for (k in w) print w[k] "\\t" k}' \\| sort
awk 'BEGIN {print "head"} {print $NF}'|awk '{x = x $1} END {print x}'
awk 'function f(s) {return s s} {print f($1)}'
awk '{t = $1; $1 = $2; $2 = t} 1'|awk '{c += length} END {print c, NR}'
awk 'NR % 3 == 0 {print NR ": " $0}'
awk '{a[NR] = $0} END {for (i = NR; i > 0; i--) print a[i]}'
awk '{split($0, p, "a"); print p[1], p[2]}'
awk '{print $1 / $2}'|awk '$0 ~ $1'|awk '/a/,/b/'|awk '{print > "/dev/null"}'
awk 'prev != $0; {prev = $0}'
awk '{u[$1]} END {for (k in u) c++; print c + 0}'|awk '{printf "%s %5.2f\\n", $1, $2}'
awk 'NR == 2 {exit} 1'
awk '{s += $1} END {print s}'|awk '{$1 = ""; sub(/^ /, "")} 1'|awk 'NR==FNR {n[$1] = 1} $1 in n'
expand|expand -t 4|unexpand -a|unexpand -t 2 --first-only
fold -w 5|fold -s -w 3|fold -b -w 1
paste|paste -s|paste -s -d,|paste - -|paste -s -d ,:|paste -|paste - - -|paste -d, - -|paste -sd+
tac|tac -s a|tac \\| tac|tac \\| head -n 3
numfmt|numfmt --from=auto --invalid=ignore|numfmt --to=si --invalid=fail|cut -c1-6 \\| factor
iconv -f latin1 -t utf8|iconv -f utf8 -t latin1|iconv -f UTF-8 -t ASCII//TRANSLIT|iconv -t utf16
strings|strings -n 1|strings -n 2 -s :|strings -t d
jq -MR .|jq -MRr .[1:]|jq .|jq -c .|jq -c . \\| sort
jq -MRc 'split(" ")'|jq -MRr 'select(test("a"))'
head -n 20 \\| xargs -rd '\\n' -n1|grep -m5 b \\| xargs -d '\\n' -n1|
head -n 20 \\| xargs -d '\\n' -I{} echo '{} x'
xargs echo|xargs -n2
grep -n b|grep -vn a|grep -no '[ab]'|grep -nc a|grep -hn ''|cat -nA|cat -nT|cat -sb
nl|nl -ba|fmt -w 20|column -t|pr -t|od -c|hexdump -C|xxd|base64|base64 -w0|md5sum|cksum|tsort
gzip -nc \\| gunzip|gzip -n \\| zcat|bzip2 \\| bzcat|xz \\| xz -dc|zstd -q \\| zstdcat
lz4 -q \\| lz4 -d
shuf --random-source=/dev/zero|comm -13 - g|join - g|diff - g|cmp - g|dd status=none|look a g
grep -l a f g|grep -n b f g|grep -c x f g f|md5sum f g|head -qn 2 f g
tee /dev/null|true|false|cat -|find g|ls g|basename a/b .c|date -r g +%Y|test -s g
"""

STARTS = """
seq 1 40|seq 5 -1 1|echo hello|printf 'a\\nb\\n'|printf 'a b'|yes \\| head -n 5
yes abc \\| head -n 3
"""

# Commands that read the outputs of others, each `{}` a pipeline over `f` or `g`. They begin
# a pipeline: behind a `|`, leashc refuses a `$( )` that may read the pipe.
BRANCHES = """
cat <({}) f|cat f - <({}) < g|cat <({}) <({})|comm <({} \\| sort) <({} \\| sort)|comm -12 <({}) g
comm -3 <(sort -u f) <({} \\| sort -u)|paste <({}) <({})|paste -d, <({}) f|diff <({}) <({})
join <({} \\| sort) <(sort g)|sort -m <({} \\| sort) <(sort g)|grep -Ff <({} \\| head -n 3) f
cmp <({}) <({})|diff f <({})|wc -l < <({})|sort -u <({}) g|head -n 2 <({})|cut -c1-3 <({}) f
echo $({})|printf '%s,' $({} \\| tr -cd 'a-z \\n')|echo "$({})"|grep -Fe "$({} \\| head -n 1)" g
head -n "$({} \\| grep -c a)" f|sed "1s/^/$({} \\| wc -l) /" f
"""


def _split(table: str) -> list[str]:
    entries = table.replace("\\|", "\0").replace("\n", "|").split("|")
    return [entry.replace("\0", "|") for entry in entries if entry]


def _commands() -> list[list[str]]:
    """The commands that are here by their first word: each is as likely as any other."""
    families: dict[str, list[str]] = {}
    for entry in _split(COMMANDS.replace("'a|b'", "'a\\|b'").replace("(a|an)", "(a\\|an)")):
        names = [command.split()[0] for command in entry.split(" | ")]
        if all(map(shutil.which, names)):
            families.setdefault(names[0], []).append(entry)
    families["other"] = [families.pop(n)[0] for n in list(families) if len(families[n]) == 1]
    return list(families.values())


FAMILIES = _commands()


@dataclass(frozen=True)
class Case:
    """A pipeline over files `f` and `g`, and how to run it."""

    text: str
    files: dict[str, bytes]
    stdin: str  # "none", "file" or "pipe"
    width: int
    locale: str
    block: int


def data(source: random.Random) -> bytes:
    """A nasty input: duplicates, empty lines, odd bytes, lines of all lengths."""
    words = source.choice(
        (
            [b"a", b"b", b"an", b"ab", b"A", b"10", b"9", b"x y"],
            [b"a b c", b"a,b,c", b"b\ta", b" a", b"  b  a ", b"11 2", b"-3.5 a", b"1K b", b"ab"],
            [b"aa", b"", b"", b"a", b"JAN 1", b"2M", b"0x1f", b"1e3", b"v1.10", b"v1.9"],
            [
                b"caf\xc3\xa9 a",
                b"\xe2\x82\xac",
                b"\xff\xfe a",
                b"a\r",
                b"\r",
                b"na\xc3\xafve",
                b"a",
            ],
            [b"a\0b", b"a", b"b", b"\0", b"an a", b"x"],
        )
    )
    kind = source.random()
    if kind < 0.05:
        return b""
    if kind < 0.1:
        return source.choice((b"\n", b"a", b"\n\n\n", b"\0", b"a\n" * 50, b"\xff", b"a b\r\n" * 9))
    count = source.choice((1, 2, 3, 7, 20, 60, 200))
    lines = [source.choice(words) for _ in range(count)]
    if source.random() < 0.2:
        lines = [b" ".join(source.choices(words, k=source.randrange(1, 6))) for _ in lines]
    if source.random() < 0.2:
        lines.sort()
    if source.random() < 0.1:
        lines.insert(source.randrange(len(lines) + 1), source.choice(words) * 700)
    return b"\n".join(lines) + (b"\n" if source.random() < 0.7 else b"")


def case(seed: int) -> Case:
    """The case of a seed."""
    source = random.Random(seed)
    commands = [
        source.choice(source.choice(FAMILIES)) for _ in range(source.choice((1, 1, 2, 2, 3, 4, 5)))
    ]
    way = source.random()
    stdin = "none"
    if way < 0.3:
        commands[0] = f"{commands[0]} f" if " | " not in commands[0] else f"cat f | {commands[0]}"
    elif way < 0.5:
        commands.insert(0, "cat f")
    elif way < 0.6:
        commands.insert(0, source.choice(("cat f g", "cat g f")))
    elif way < 0.65:
        commands[0] = f"{commands[0]} f g" if " | " not in commands[0] else commands[0] + " < f"
    elif way < 0.75:
        commands[0] = f"< f {commands[0]}"
    elif way < 0.92:
        stdin = source.choice(("file", "pipe", "pipe"))
    else:
        commands.insert(0, source.choice(_split(STARTS)))
    made = Case(
        " | ".join(commands),
        {"f": data(source), "g": data(source)},
        stdin,
        source.randrange(1, 8),
        source.choice(("C", "C", "C.UTF-8")),
        source.choice((1, 16, 100, 4096)),
    )
    if source.random() < 0.15:
        return replace(made, text=" | ".join([branched(source), *commands[1:]]))
    return made


def branched(source: random.Random, depth: int = 2) -> str:
    """A command that reads what others print, which may do so in turn."""
    text, *rest = source.choice(_split(BRANCHES)).split("{}")
    for following in rest:
        if depth > 1 and source.random() < 0.2:
            text += branched(source, depth - 1)
        else:
            text += f"cat {source.choice('fg')} | {source.choice(source.choice(FAMILIES))}"
        text += following
    return text


@dataclass(frozen=True)
class Answer:
    """Output, exit status and PIPESTATUS."""

    output: bytes
    status: int
    statuses: tuple[int, ...]


def _stdin(case: Case) -> int:
    if case.stdin == "none":
        return os.open(os.devnull, os.O_RDONLY)
    if case.stdin == "file":
        return os.open("f", os.O_RDONLY)
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        try:
            view = memoryview(case.files["f"])
            while view:
                view = view[os.write(write, view) :]
        except BrokenPipeError:
            pass
        os._exit(0)
    os.close(write)
    return read


@contextmanager
def given(case: Case) -> Iterator[dict[str, Any]]:
    """Standard input, as subprocess.run takes it."""
    if case.stdin == "none":
        yield {"stdin": subprocess.DEVNULL}
    elif case.stdin == "pipe":
        yield {"input": case.files["f"]}
    else:
        with open("f", "rb") as file:
            yield {"stdin": file}


def shell(case: Case) -> Answer:
    """What bash says."""
    with (
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as output,
        given(case) as stdin,
    ):
        end = f'echo "${{s[@]}}" >&{said.fileno()}\nexit ${{s[-1]}}'
        script = f'{case.text}\ns=("${{PIPESTATUS[@]}}")\n{end}'
        code = subprocess.run(
            ["bash", "--norc", "-c", script],
            **stdin,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": case.locale},
            pass_fds=(said.fileno(),),
            check=False,
        ).returncode
        said.seek(0)
        output.seek(0)
        statuses = tuple(int(word) for word in said.read().split())
        return Answer(output.read(), code % 256, statuses)


def leash(case: Case) -> Answer | str:
    """What leashc says, in a process of its own; or the traceback of a crash."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as output:
        stdin = _stdin(case)
        child = os.fork()
        if child == 0:
            code = 99
            try:
                os.environ["LC_ALL"] = case.locale
                os.dup2(stdin, 0)
                os.dup2(output.fileno(), 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                settings = Settings(2, 64 << 20, case.block, environment=dict(os.environ))
                off = os.environ.get("LEASH_KERNELS") == "off"
                options = Options(case.width, 2, kernels="off" if off else "auto")
                unit = Unit(case.text, host.here(), machine.look)
                plan = compile(substituting(unit, options, settings), options, divide=True)
                report = run(plan, settings)
                said.write(" ".join(map(str, report.statuses)).encode())
                code = report.status
            except BaseException:
                said.write(traceback.format_exc().encode())
            said.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        os.close(stdin)
        said.seek(0)
        output.seek(0)
        words = said.read()
        if not words.replace(b" ", b"").isdigit():
            return words.decode()
        statuses = tuple(int(word) for word in words.split())
        return Answer(output.read(), os.waitstatus_to_exitcode(status), statuses)


def same(theirs: tuple[int, ...], ours: tuple[int, ...]) -> bool:
    """Whether the statuses of all commands are those of the shell.

    Upstream of one that stops early, whether a writer notices is a race in bash, too:
    any status may be 141 there, and that of an xargs whose command notices 125.
    """
    return all(a == b or {a, b} & {141, 125} for a, b in zip(theirs, ours, strict=True))


def difference(case: Case) -> str:
    """What leashc says otherwise than the shell, or ""."""
    return compared(shell(case), leash(case))


def compared(theirs: Answer, ours: Answer | str) -> str:
    """What one answer says otherwise than the shell's, or ""."""
    if isinstance(ours, str):
        return f"leashc failed:\n{ours}"
    if ours.output != theirs.output:
        return f"output: bash {theirs.output[:300]!r}, leashc {ours.output[:300]!r}"
    if ours.status != theirs.status:
        return f"status: bash {theirs.status}, leashc {ours.status}"
    if not same(theirs.statuses, ours.statuses):
        return f"PIPESTATUS: bash {theirs.statuses}, leashc {ours.statuses}"
    return ""


def load() -> None:
    """Import here, once, what each process that a case is run in would import."""
    compile(
        Unit("sort | awk 1 | sed p | cat -n", host.here(), machine.look), Options(2), divide=True
    )
    for module in (
        "runtime.divide",
        "runtime.partition",
        "concurrent.futures.thread",
        "leashc.operators.awk",
    ):
        importlib.import_module(module)


def differences(seeds: Iterator[int] | range, locale: str = "") -> Iterator[tuple[int, Case, str]]:
    """The cases that differ; locale: that of all of them, instead of one drawn for each."""
    load()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for seed in seeds:
            current = case(seed)
            if locale:
                current = replace(current, locale=locale)
            for name, content in current.files.items():
                with open(name, "wb") as file:
                    file.write(content)
            found = difference(current)
            while True:
                try:
                    if os.waitpid(-1, os.WNOHANG) == (0, 0):
                        break
                except ChildProcessError:
                    break
            if found:
                yield seed, current, found
        os.chdir("/")


def main() -> None:
    """Run cases until the count is reached or ten differ."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--locale", default="", help="one for all [C or C.UTF-8 for each]")
    given = parser.parse_args()
    print(f"{given.count} pipelines from seed {given.seed}", flush=True)
    failed = 0
    for seed, current, found in differences(
        range(given.seed, given.seed + given.count), given.locale
    ):
        failed += 1
        print(f"\nseed {seed}: {current.text}\n  {current}\n  {found}", flush=True)
        if failed == 10:
            break
    print(f"{given.count if failed < 10 else 'fewer'} pipelines, {failed} differences")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
