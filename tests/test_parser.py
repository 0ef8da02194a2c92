"""The parser against bash: what is accepted, what is refused and where, and what prints back."""

import binascii
import importlib
import os
import subprocess
from collections import Counter
from pathlib import Path

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leashc.errors import NotYet, ShellSyntaxError
from leashc.expand import expand
from leashc.host import cache, here
from leashc.languages import grammars
from leashc.parser import parse
from leashc.shell import Shell
from leashc.syntax import Command, Double, Parameter, Pipeline, Script, Text, Word

FIXTURES = Path(__file__).parent / "fixtures"
ROUND_TRIP = (FIXTURES / "roundtrip.txt").read_text().split("\n")[1:-1]
NOT_YET = (FIXTURES / "not_yet.txt").read_text().split("\n")[1:-1]
MORE_THAN_A_LINE = [
    "\n\n  cat a\n\n",
    "#!/usr/bin/env leashc\n# a comment\n\ncat a # another\n# and one more\n",
    "cat a |\n sort |\n\n # then\n\t uniq",
    "cat \\\na \\\n  | sort \\\n",
    "ca\\\nt 'a\\\nb' \"a\\\nb\" a\\\n#b $\\\nx $x\\\ny",
    "cat a >\\\n> out",
    "cat a 2\\\n>out",
    "cat \"a\nb\" 'c\nd'",
    "cat ${n:-a\nb}",
    "cat a;\n# end",
    "cat <<A\nA",
    "cat <<A\n\nA\n",
    "cat <<A\n\n\n\nA\n# end",
    "cat <<A -\na $x ${x:-b} '\"' \\$x \\\\ \\a \\\" $ $' $\"\n`cat a` $(cat 'a b')$((1+2))\nA\n",
    "cat <<'A' b\n$x `\\\n\"\\\\\nA \n A\nA",
    'cat <<"A b" | sort <<\\B |& uniq\n$x\nA b\n$y\nB\n',
    "cat <<A | # c\n<<A\nA\n\n sort <<-B\n\t\tb\n\t \tc\n\tB\n",
    "cat <<-A\n\ta\\\n\tb\nc\\\n\tA\n\t\tA\n",
    "cat <<A\\\nB\nx\nAB\n",
    "sort \"$(cat <<A\na $x\nA\n)\" 'a\nb' <<B\nb\nB\n",
    "cat <<A 'b\nc'\nd\nA",
    "cat $'a\\\nb'",
]
ARGUMENTS = ("one", "", "two  3", "*", "5", "6", "7", "8", "9", "ten")
VARIABLES = {"x": "v w", "e": "", "xy": "joined", "HOME": "/home/me", "LC_ALL": "C.UTF-8"}

# No program is found, so bash calls this with the words of every command that is not built in.
WITNESS = """
PATH=/nowhere
command_not_found_handle() {
    local input IFS=$'\\2'
    mapfile -d '' input
    # One line, for bash writes line by line, and other commands write, too.
    set -- "$@" "A=$A" "B=$B" "C=$C" "LC_ALL=$LC_ALL" "<$input>"
    printf '%s\\n' "${*//$'\\n'/$'\\1'}" >&9
    printf 'out\\n'
    printf 'err\\n' >&2
}
unset -f true; enable -n [ test command
"""


def meaning(text: str, directory: Path) -> tuple[list[bytes], bytes, int, dict[str, bytes]]:
    """What bash does for a text: the calls, its output, and the files it made."""
    directory.mkdir()
    for name in ("a", "b", "x y", "*"):
        (directory / name).write_text(f"in {name}\n")
    log = directory.parent / "log"
    result = subprocess.run(
        ["bash", "--norc", "-c", f"{WITNESS}\neval \"$TEXT\" 9>>'{log}'", "leashc", *ARGUMENTS],
        cwd=directory,
        env={**VARIABLES, "TEXT": text},
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    lines = log.read_bytes().split(b"\n") if log.exists() else []
    calls = sorted(line.translate(bytes.maketrans(b"\1\2", b"\n\0")) for line in lines)
    log.unlink(missing_ok=True)
    files = {name: (directory / name).read_bytes() for name in os.listdir(directory)}
    return calls, result.stdout, result.returncode, files


@pytest.mark.parametrize("text", ROUND_TRIP + MORE_THAN_A_LINE)
def test_printing_keeps_the_meaning(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ast = parse(text)
    assert parse(str(ast)) == ast
    assert "\\\n" not in str(ast) or "'" in text
    calls, *rest = meaning(text, tmp_path / "one")
    assert calls
    assert meaning(str(ast), tmp_path / "two") == (calls, *rest)
    # And each command has the words that bash gave it.
    for name in set(os.environ) | set(VARIABLES):
        monkeypatch.delenv(name, raising=False)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "three").mkdir()
    monkeypatch.chdir(tmp_path / "three")
    for name in ("a", "b", "x y", "*"):
        Path(name).touch()
    shell = here(ARGUMENTS, "leashc")._replace(substitute=lambda pipeline, shell: "out\n")
    ours = [b"\0".join(map(os.fsencode, command.argv)) for command in expand(ast.pipeline, shell)]
    theirs = [b"\0".join(call.split(b"\0")[:-5]) for call in calls if call]
    if "$(" in str(ast):
        assert not Counter(ours) - Counter(theirs), "those of substitutions are among them"
    else:
        assert sorted(ours) == sorted(theirs)


def test_syntax_tree() -> None:
    ast = parse('cat a"b$x" ${y:-c}')
    quoted = Double((Text("b"), Parameter("x")))
    default = Parameter("y", ":-", Word((Text("c"),)))
    words = (Word((Text("cat"),)), Word((Text("a"), quoted)), Word((default,)))
    assert ast == Script(Pipeline((Command(words),)))
    assert ast.pipeline.parameters == ("x", "y")
    assert str(ast) == 'cat a"b${x}" ${y:-c}'


@pytest.mark.parametrize(
    ("text", "caret"), list(zip(NOT_YET[::2], NOT_YET[1::2], strict=True)), ids=NOT_YET[::2]
)
def test_not_yet(text: str, caret: str) -> None:
    with pytest.raises(NotYet, match=r"not compiled yet$") as caught:
        parse(text)
    assert caught.value.column == len(caret)
    assert caught.value.remedy
    assert caught.value.status == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "there is no command"),
        ("# nothing\n", 2, 1, "there is no command"),
        ("cat |", 1, 5, "a command is missing after `|`"),
        ("cat |\n\n", 1, 5, "a command is missing after `|`"),
        ("cat x | | sort", 1, 9, "a command is missing after `|`"),
        ("cat x | && sort", 1, 9, "a command is missing after `|`"),
        ("| cat", 1, 1, "a command is missing before `|`"),
        ("\n\t&& cat", 2, 2, "a command is missing before `&&`"),
        ("cat\n| cat", 2, 1, "a command is missing before `|`"),
        ("; cat", 1, 1, "a command is missing before `;`"),
        ("cat >", 1, 5, "a file name is missing after `>`"),
        ("cat >> # x", 1, 5, "a file name is missing after `>>`"),
        ("cat <\nx", 1, 5, "a file name is missing after `<`"),
        ("cat < | sort", 1, 5, "a file name is missing after `<`"),
        ("cat <<<", 1, 5, "a word is missing after `<<<`"),
        ("cat > > x", 1, 5, "a file name is missing after `>`"),
        ('cat "a', 1, 5, 'this `"` is never closed'),
        ('cat \\\n a"b\n', 2, 3, 'this `"` is never closed'),
        ("é 'a", 1, 3, "this `'` is never closed"),
        ("cat 'a' 'b\nc", 1, 9, "this `'` is never closed"),
        ('cat "${x:-a"', 1, 12, 'this `"` is never closed'),
        ("cat ${", 1, 5, "this `${` is never closed"),
        ("cat ${x:-a b", 1, 5, "this `${` is never closed"),
        ('cat ${x:-"b"', 1, 5, "this `${` is never closed"),
        ("cat ${}", 1, 5, "a bad substitution"),
        ("cat ${x!}", 1, 5, "a bad substitution"),
        ("cat )", 1, 5, "`)` closes nothing"),
        ("fi", 1, 1, "`fi` closes nothing"),
        ("cat | done", 1, 7, "`done` closes nothing"),
        ("cat \\", 1, 5, "nothing follows this backslash"),
        ("cat &>", 1, 5, "a file name is missing after `&>`"),
        ("cat a |& | sort", 1, 10, "a command is missing after `|`"),
        ("cat a $(sort", 1, 7, "this `$(` is never closed"),
        ("cat $((1+2)", 1, 5, "this `$((` is never closed"),
        ("cat `sort", 1, 5, "this ``` is never closed"),
        ("cat $'a", 1, 5, "this `$'` is never closed"),
        ("cat $(sort | )", 1, 14, "a command is missing after `|`"),
        ("cat $( )", 1, 8, "a command is missing before `)`"),
        ('cat "$(sort "a)"', 1, 6, "this `$(` is never closed"),
        ("cat <<A\nb\n", 1, 5, "this here-document is never closed"),
        ("cat <<A", 1, 5, "this here-document is never closed"),
        ("cat ${x/a", 1, 5, "this `${` is never closed"),
        ("cat a\0b", 1, 6, "a NUL byte cannot stand in a script"),
    ],
)
def test_syntax_errors(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse(text)
    error = caught.value
    assert (error.line, error.column, str(error)) == (line, column, message)
    assert not isinstance(error, NotYet)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("cat a\nsort b", 2, 1),
        ("cat a\n# x\n\n  sort b", 4, 3),
        ("cat a; # x\nsort b", 1, 6),
        ("cat \\\n  a \\\n  && sort", 3, 3),
        ("ca\\\nt a &\\\n& b", 2, 5),
        ("cat a |\n\n\twhile true; do cat; done", 3, 2),
        ("f\\\nor x in a; do cat; done", 1, 1),
        ('cat "a\nb$?"', 2, 2),
        ('cat "a\nb`c; d`"', 2, 4),
        ("cat <<A\nb\nA\nsort", 4, 1),
        ("cat <<A |\nb\nA\nsort && x", 4, 6),
        ("cat <<-A\n\t\t$x $(a; b)\n\tA", 2, 9),
        ("cat <<A <<'B'\na\\\nb $?\nA\n$?\nB", 3, 3),
    ],
)
def test_not_yet_on_a_later_line(text: str, line: int, column: int) -> None:
    with pytest.raises(NotYet) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_rendering() -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse("# first\ncat x\t| | sort", "count.sh")
    assert caught.value.render().split("\n") == [
        "leashc: syntax error: a command is missing after `|`",
        "  --> count.sh, line 2, column 9",
        "  cat x\t| | sort",
        "       \t  ^",
    ]
    with pytest.raises(NotYet) as not_yet:
        parse("echo 日本 e\u0301 && x")
    assert not_yet.value.render().split("\n") == [
        "leashc: `&&` lists are not compiled yet",
        "  --> line 1, column 12",
        "  echo 日本 e\u0301 && x",
        "              ^^",
        "  run each pipeline by itself, or give the whole script to bash",
    ]


@pytest.mark.parametrize("language", grammars.LANGUAGES)
def test_what_was_written_at_installation_is_of_the_grammar_as_it_is(language: str) -> None:
    written = importlib.import_module(f"grammar.{language}_parser")
    text = (Path(grammars.__file__).parents[2] / f"grammar/{language}.lark").read_bytes()
    assert binascii.crc32(text) == written.GRAMMAR, "`make` writes it again, or pip install -e ."
    assert type(grammars.parser(language).lark) is written.Lark


def test_lark_itself_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was written, or the grammar was changed since."""
    text = 'LC_ALL=C ca\\\nt "a${x:-b}" <(tac) | sed s/a/b/ 2>&1'
    first = parse(text)
    monkeypatch.setattr("grammar.shell_parser.GRAMMAR", 0)
    grammars.parser.cache_clear()
    try:
        assert type(grammars.parser("shell").lark) is lark.Lark
        assert parse(text) == first
        with pytest.raises(NotYet, match="second command"):
            parse("ca\\\nt a\ncat b")
    finally:
        grammars.parser.cache_clear()


def test_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Path(cache()).parent == tmp_path
    Path(cache()).chmod(0o777)
    assert cache() == ""


BLANKS = [" ", " ", "\t", "\n", "|\n", "\\\n", "'a b'", "a ", " b", "${x:- }"]
TOKENS: st.SearchStrategy[str] = st.sampled_from(BLANKS) | st.sampled_from(
    r"""a b2 2 x= x=1 < > >> 2> 2>&1 >&2 <<< << | || && & ; ( ) { } ! [ [[ if fi for ' " "$x" $ ${x}
    ${x:- $x $( ` \ # * ~ {a,b} = - 3> <( |& &> &>> $' ${x/ ${x: ${x% / : $(( )) <<E E""".split()
)


@settings(deadline=None, max_examples=350, print_blob=True)
@given(st.lists(TOKENS, max_size=8).map("".join))
def test_bash_agrees_on_what_is_a_pipeline(text: str) -> None:
    try:
        printed = str(parse(text))
    except ShellSyntaxError:
        return
    result = subprocess.run(["bash", "--norc", "-n", "-c", "--", text], capture_output=True)
    assert (result.returncode, result.stderr) == (0, b"")
    assert parse(printed) == parse(text)
    assert subprocess.run(["bash", "--norc", "-n", "-c", "--", printed]).returncode == 0


BRACES: st.SearchStrategy[str] = st.lists(
    st.sampled_from("{ } , .. { } , . a 1 - 0 Z c \\\\ ' \" ${x:- $x '}' {a,b}".split())
).map("".join)


@settings(deadline=None, max_examples=400, print_blob=True)
@given(BRACES)
def test_braces_expand_as_in_bash(word: str) -> None:
    text = f"printf %s\\\\0 X {word}"
    try:
        (command,) = expand(parse(text).pipeline, Shell({"x": "v", "x1": "w"}))
    except ShellSyntaxError:
        return
    expected = subprocess.run(
        ["bash", "--norc", "-fc", text], env={"x": "v", "x1": "w"}, capture_output=True
    )
    assert expected.stdout.decode().split("\0")[:-1] == list(command.argv[2:])
