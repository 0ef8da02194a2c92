"""Expansion against bash: the same words among awkward file names give the same arguments."""

import os
import subprocess
from collections import UserDict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leashc.errors import ExpansionError, NotYet, ShellSyntaxError
from leashc.expand import expand
from leashc.host import here
from leashc.parser import parse
from leashc.shell import Shell
from leashc.syntax import Pipeline
from runtime.plan import Command, Redirect
from tests.test_parser import FIXTURES

WORDS = (FIXTURES / "words.txt").read_text().split("\n")[1:-1]
NAMES = [
    *(b"a", b"b c", b"-x", b".hid", b"*", b"n\nl", b"\xff", b"d\xc3\xa9", b"\xc3\xa9\xff", b"q?"),
    *(b"[z]", b"back\\s", b"e", b"1", b"~", b"dir/f1", b"dir/.g", b"dir/sub/s", b"dir 2/f1"),
]
VARIABLES = {
    "HOME": "/home/me",
    "LC_ALL": "C.UTF-8",
    "x": "v w",
    "e": "",
    "g": "*",
    "p": " a ",
    "bs": "a\\*",
    "c": "a:b::c",
    "nl": "\n",
    "u": "é日",
    "bad": "\udcff",
    "q": "\"'",
    "t": "~",
}
ARGUMENTS: list[tuple[str, ...]] = [
    (),
    ("",),
    ("", ""),
    ("one", "", "two  3", "*", "5", "6", "7", "8", "9", " ten "),
]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names")
    for name in NAMES:
        target = os.path.join(os.fsencode(path), name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "w").close()
    (path / "dangling").symlink_to("nowhere")
    return path


def enter(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process in the directory, with VARIABLES as its environment."""
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(directory)


@pytest.fixture
def inside(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(directory, monkeypatch)


def bash(
    script: str, arguments: tuple[str, ...] = (), variables: Mapping[str, str] = VARIABLES
) -> tuple[int, tuple[str, ...], bytes]:
    """The status and the arguments that bash prints, for a script that uses the function `show`."""
    result = subprocess.run(
        [
            "/bin/bash",
            "--norc",
            "-c",
            f"show() {{ printf '%s\\0' \"$@\"; }}\n{script}",
            "me",
            *arguments,
        ],
        env=variables,
        capture_output=True,
    )
    return result.returncode, tuple(os.fsdecode(result.stdout).split("\0")[:-1]), result.stderr


def substituted(pipeline: Pipeline, shell: Shell) -> str:
    """What bash has in the place of `$(pipeline)`."""
    argv = ["/bin/bash", "--norc", "-c", str(pipeline), shell.name, *shell.arguments]
    output = subprocess.run(argv, stdout=subprocess.PIPE).stdout
    return os.fsdecode(output.replace(b"\0", b""))


def ours(words: str, arguments: tuple[str, ...] = ()) -> tuple[str, ...]:
    shell = here(arguments, "me")._replace(substitute=substituted)
    (command,) = expand(parse(f"show {words}").pipeline, shell)
    return command.argv[1:]


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.usefixtures("inside")
def test_arguments(words: str, locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    for arguments in ARGUMENTS:
        expected = bash(f"show {words}", arguments, VARIABLES | {"LC_ALL": locale})
        got = ours(words, arguments)
        assert (0, got or ("",), b"") == expected, (words, arguments)


PLAIN: st.SearchStrategy[str] = st.sampled_from(
    [
        *"ab */?[]~{}:=-^!#%+1,.é$",
        "\\*",
        "\\ ",
        '\\"',
        "\\\\",
        "[a-b]",
        "[!a]",
        "[[:alpha:]]",
        "dir",
    ]
)
EXPANDED: st.SearchStrategy[str] = st.sampled_from(
    "$x $e $n $p $g $bs $c $@ $* $1 $2 $# $q $t $u $bad ${x} ${#x} $nl ${#u}".split()
)
OPENING: st.SearchStrategy[str] = st.builds(
    "${{{}{}".format,
    st.sampled_from(list("xen1gpcu@*")),
    st.sampled_from([":-", "-", ":+", "+", "#", "##", "%", "%%", "/", "//", "/#", "/%"]),
)
SINGLE: st.SearchStrategy[str] = st.sampled_from(
    [
        "'a b'",
        "'*'",
        "''",
        "'$x'",
        "'\"'",
        "'\\'",
        *r"$'\t' $'\'' $'\x2a' $'\xc3' $'\u00e9'".split(),
    ]
)
COMPUTED: st.SearchStrategy[str] = st.sampled_from(
    [
        *("$((1+1))", "$((${#x}*2))", "{a,b}", "{1..3}", "{$x,}", "{", "${x/v}", "${c//:/ }"),
        *(
            "${x:1}",
            "${x:${#e}:1}",
            "${c: -2}",
            "${e:0}",
            "${*:1:2}",
            "${@:0:1}",
            "${@:2}",
            "${u:1}",
        ),
        *("$(true)", '$(printf %s "$x")', "`printf '*'`", "$(printf '\n a\n\n')", "${n:1}"),
    ]
)
PIECES: st.SearchStrategy[str] = st.recursive(
    PLAIN | EXPANDED | SINGLE | COMPUTED,
    lambda inner: (
        st.builds('"{}"'.format, st.lists(inner, max_size=4).map("".join))
        | st.builds("{}{}}}".format, OPENING, st.lists(inner, max_size=3).map("".join))
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=350, print_blob=True)
@given(words=st.lists(PIECES, max_size=6).map("".join), arguments=st.sampled_from(ARGUMENTS))
def test_generated_words(words: str, arguments: tuple[str, ...], directory: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        enter(directory, patch)
        try:
            got = ours(words, arguments)
        except ShellSyntaxError:
            return
        except ExpansionError as error:
            if "versions of bash" not in str(error):
                raise
            return
        assert (0, got or ("",), b"") == bash(f"show {words}", arguments)


@settings(deadline=None, max_examples=120, print_blob=True)
@given(
    words=st.lists(
        st.sampled_from(["$x", "$y", '"$x"', "a", "''", '"$*"', '"$@"', "${n:-a:b c}"]),
        min_size=1,
        max_size=4,
    ).map("".join),
    x=st.text(alphabet="a: \t,", max_size=6),
    y=st.text(alphabet="b: ,", max_size=4),
    separators=st.sampled_from([" \t\n", ":", ": ", "", ",:", " ", "a"]),
)
def test_field_splitting(words: str, x: str, y: str, separators: str) -> None:
    variables = {"x": x, "y": y, "LC_ALL": "C.UTF-8", "separators": separators}
    arguments = ("1:2", "3 4")
    shell = Shell({**variables, "IFS": separators}, arguments)
    (command,) = expand(parse(f"show {words}").pipeline, shell)
    expected = bash(f"IFS=$separators; show {words}", arguments, variables)
    assert (0, command.argv[1:] or ("",), b"") == expected


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "value",
    '$x|"$x"|$p|*|a*"b"|~|~/a:~:"~"|~root:x=~|$e|""|a\\ b|$@|"$@"|$*|"$*"|a"$@"b|${n:-a  b}|${n:-*}'
    "|${n:-~}|{a,b}|$bad|é$u|'a  b'\"$g\"|x=~|~$e|$g".split("|"),
)
def test_assigned_values_and_here_strings(value: str) -> None:
    arguments = ("1", "", "2  3", "*")
    text = f"V={value} show <<< {value}"
    (command,) = expand(parse(text).pipeline, here(arguments, "me"))
    (here_string,) = command.redirects
    script = f'IFS= read -r -d \'\' H <<< {value}; V={value}; show "$V" "$H"'
    status, expected, _ = bash(script, arguments)
    assert (status, (command.environment[0][1], here_string.target)) == (0, expected)


@pytest.mark.usefixtures("inside")
def test_assignments_see_those_before_them() -> None:
    (command,) = expand(parse('x=1 y="$x$e" x=2$x show $x').pipeline, here())
    assert command == Command(("show", "v", "w"), (("x", "21"), ("y", "1")))
    assert bash('x=1 y="$x$e" x=2$x bash -c \'printf "%s\\0" $x $y\'')[1] == ("21", "1")


DOCUMENT: st.SearchStrategy[str] = st.lists(
    st.sampled_from(
        [
            *(
                "\n",
                "\t",
                " ",
                "a",
                "E",
                "$",
                "\\",
                "\\\n",
                "'",
                '"',
                "$((",
                "$*",
                "{a,b}",
                "*",
                "~",
            ),
            *("$x", "${n:-b}", '${n:-"b c"}', "${x#v}", "$((1+1))", "$@", "${@:2}"),
            *("`printf '\"'`", '$(printf "\\n")'),
        ]
    ),
    max_size=12,
).map("".join)


@settings(deadline=None, max_examples=300, print_blob=True)
@given(DOCUMENT, st.sampled_from(["E", "-E", "'E'", "- \\E", '-"E"', " E"]))
@example("\\\n\tx", "-E")
def test_here_documents(body: str, mark: str) -> None:
    text = f"cat <<{mark}\n{body}\nE\n"
    try:
        script = parse(text)
    except ShellSyntaxError:
        return
    shell = Shell(VARIABLES, ("1", "", "2  3"), "me", substitute=substituted)
    (command,) = expand(script.pipeline, shell)
    (redirect,) = command.redirects
    expected = bash(f"IFS= read -r -d '' H <<{mark}\n{body}\nE\nshow \"$H\"", shell.arguments)
    assert expected[1] == (redirect.target if redirect.operator == "<<<" else "",)


class Recorded(UserDict[str, str]):
    """Variables that remember which of them were asked for."""

    asked: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> str:
        self.asked |= {name}
        return super().__getitem__(name)


def test_only_the_variables_that_words_use_are_asked_for() -> None:
    variables = Recorded(x="a", y="b", z="c", HOME="/home", LC_ALL="C", SECRET="s")
    expand(parse("z=1 A=$x show ~ ${y:-$z} <<< ${z-}").pipeline, Shell(variables))
    assert variables.asked & variables.keys() == {"x", "y", "z", "HOME", "LC_ALL"}


@pytest.mark.usefixtures("inside")
def test_redirects() -> None:
    text = 'show <a >"$x" 2>>err* 2>&1 0<e >&2 <dir/f? >~/out 2> ""'
    (command,) = expand(parse(text).pipeline, here())
    assert command.redirects == (
        Redirect(0, "<", "a"),
        Redirect(1, ">", "v w"),
        Redirect(2, ">>", "err*"),
        Redirect(2, ">&", "1"),
        Redirect(0, "<", "e"),
        Redirect(1, ">&", "2"),
        Redirect(0, "<", "dir/f1"),
        Redirect(1, ">", "/home/me/out"),
        Redirect(2, ">", ""),
    )


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("target", ["$x", "$n", "dir*", "$g", "${n:-a b}", "$@"])
def test_ambiguous_redirects(target: str) -> None:
    with pytest.raises(ExpansionError, match=r"ambiguous redirect$") as caught:
        ours(f"< {target}", ("a", "b"))
    status, _, message = bash(f"show < {target}", ("a", "b"))
    assert b"ambiguous redirect" in message
    assert caught.value.status == status == 1


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "word",
    [
        "${n:?no  $x}",
        "${n?}",
        "${n:?}",
        "${e:?}",
        '"${e:?a  b}"',
        "${5:?$1}",
        "${n?a*}",
        "${n:?'q'}",
    ],
)
def test_errors_that_the_user_asked_for(word: str) -> None:
    with pytest.raises(ExpansionError) as caught:
        ours(word, ("one",))
    status, _, message = bash(f"show {word}", ("one",))
    assert message.decode() == f"me: line 2: {caught.value}\n"
    assert caught.value.status == status == 127


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("text", ["$n", '"$@"', "$e | sort", "cat | $n", "A=1 $n"])
def test_a_command_that_expands_to_nothing(text: str) -> None:
    with pytest.raises(ExpansionError, match="expands to nothing"):
        expand(parse(text).pipeline, here())


def test_matches_are_sorted_by_the_key() -> None:
    shell = Shell(
        {},
        list_directory=lambda path: ["b", "A", ".c", "a", "B"] if path == "." else [],
        sort_key=lambda path: (path.lower(), path),
    )
    (command,) = expand(parse("show * .* x/*").pipeline, shell)
    assert command.argv == ("show", "A", "a", "B", "b", ".c", "x/*")


def test_what_bash_sets_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "link")
    words = '"$PWD" "$UID" "$EUID" "$HOSTNAME" "$TERM" a${IFS}b'
    for variables in (
        {"PWD": str(tmp_path / "link"), "IFS": "x"},
        {"PWD": "/nowhere", "TERM": "vt100", "HOSTNAME": "me", "UID": "7"},
        {},
    ):
        for name in os.environ:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert bash(f"show {words}", (), variables) == (0, ours(words), b"")


def test_what_bash_makes_up_as_it_runs_is_not_compiled() -> None:
    for name in ("RANDOM", "SECONDS", "LINENO", "_", "BASH_VERSION"):
        with pytest.raises(NotYet, match=name):
            parse(f"echo ${name}")
