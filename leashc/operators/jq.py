"""jq: JSON values, or with -R lines, through a filter."""

import re

from leashc.behaviour import PURE, STATELESS, TEXT, Behaviour, Framing, Status
from leashc.invocation import Invocation
from leashc.operators import operator

# What only looks at the value it is given. Whatever is not here may look elsewhere (input, now).
_PLAIN = set(
    """
    . and or not if then elif else end as reduce foreach try catch null true false empty error
    select map map_values keys keys_unsorted length utf8bytelength has in contains inside test
    match capture scan split splits join sub gsub ascii_downcase ascii_upcase ascii tostring
    tonumber type add any all unique unique_by sort sort_by group_by min min_by max max_by
    reverse flatten range floor sqrt pow log exp fabs round ceil to_entries from_entries
    with_entries startswith endswith ltrimstr rtrimstr tojson fromjson path paths del delpaths
    getpath setpath leaf_paths values nulls strings numbers booleans objects arrays iterables
    scalars first last nth until while repeat limit index rindex indices explode implode
    recurse walk env transpose infinite nan isnan isinfinite isnormal
    """.split()
)
# The mark of UTF-8 is left out at the beginning of the input, and an error elsewhere.
_NO_MARK = TEXT._replace(lacks=(*TEXT.lacks, "\xef\xbb\xbf"))
_VALUES = ("--arg", "--argjson", "--slurpfile", "--rawfile", "--args", "--jsonargs")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_KEYS = re.compile(r"\{\s*[A-Za-z_]\w*\s*(?:,\s*[A-Za-z_]\w*\s*)*\}")  # {user, ms}
_TOKEN = re.compile(r"""\.[A-Za-z_]\w*|\$\w+|@\w+|[A-Za-z_]\w*(?=\s*:)|([A-Za-z_]\w*)""")


@operator(
    "jq",
    options="""
        -c --compact-output
        -n --null-input
        -e --exit-status
        -s --slurp
        -r --raw-output
        -R --raw-input
        -C --color-output
        -M --monochrome-output
        -S --sort-keys
        -a --ascii-output
        -j --join-output
        -f --from-file=FILE
        -L=DIRECTORY
        -h
        --tab
        --indent=N
        --unbuffered
        --stream
        --seq
        --arg=NAME
        --argjson=NAME
        --slurpfile=NAME
        --rawfile=NAME
        --args
        --jsonargs
    """,
    operands="words",
    examples=(
        "-MR .",
        "-MRr '.[0:2]'",
        "-MRc 'split(\" \")'",
        "-MRc 'select(length > 1) | {a: .}'",
        "-c '{a, b}?'",
        "-MRSa --tab '{b: ., a: 1}'",
        "-CR --indent 1 --unbuffered '[.]'",
        "-MRj .",
        ".",
        "-c .",
        "-r '.[0]?'",
        "-aS --tab 'select(. != 1)'",
        "-MRr 'if test(\"a\") then ascii_upcase else empty end'",
    ),
)
def jq(cmd: Invocation) -> Behaviour:
    """Value by value. One may reach over lines, but then a part that is cut there fails.

    What jq reads is a sequence of values. A part that it parses to the end, from where a
    value begins, ends where a value ends; so if all parts are well, none was cut in one.
    """
    if reason := _whole(cmd):
        return PURE.because(reason)
    law = STATELESS.but(
        inputs=cmd.operands[1:],
        guard=TEXT,
        framing=Framing.NONE if cmd.has("-j") else Framing.RECORDS,
        terminal=not cmd.has("-M", "-C"),
        remedy="jq -M",
    )
    return law if cmd.has("-R") else law.but(guard=_NO_MARK, status=Status.ZERO)


def _whole(cmd: Invocation) -> str:
    """Why the whole input is needed; "" if it is not."""
    for names, reason in (
        (("-h",), "it prints about itself"),
        (("-n",), "its filter reads the input itself (-n)"),
        (("-s",), "it makes one value of all (-s)"),
        (("-e",), "its last value decides its status (-e)"),
        (_VALUES, "it takes values from its arguments (--arg)"),
        (("-f", "-L"), "its filter is in a file"),
        (("--stream", "--seq"), "its values come in pieces"),
    ):
        if cmd.has(*names):
            return reason
    if len(cmd.operands) not in (1, 2):
        return "it has several inputs, or no filter"
    text = cmd.operands[0]
    if "\\(" not in text:
        # With code inside strings, where one ends is not for an expression to say.
        text = _STRING.sub('""', text)
    text = _KEYS.sub("{}", text)
    called = {found[1] for found in _TOKEN.finditer(text) if found[1]}
    if unknown := sorted(called - _PLAIN):
        return f"leashc does not know what {unknown[0]} looks at in its filter"
    return ""
