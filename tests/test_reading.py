"""Partitions and blocks: no byte lost, no record cut, whatever the seams."""

from __future__ import annotations

import itertools
import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime import deal, partition
from runtime.account import Account
from runtime.deal import Block, Dealer
from runtime.guards import LOOKAHEAD, GuardFailed, check
from runtime.plan import Blob, Guard, Source, Stage
from runtime.source import Extents

texts = st.lists(st.sampled_from([b"", b"a", b"bb\r", b"\0", b"\xff", b"x" * 40]), max_size=30).map(
    b"\n".join
) | st.binary(max_size=60)
in_a_directory = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def stage(**facts: object) -> Stage:
    return Stage(1, (("cat",),), 3, "map", "", **facts)  # type: ignore[arg-type]


def extents(directory: Path, contents: list[bytes], joint: str = "bytes") -> Extents:
    blobs = []
    for number, content in enumerate(contents):
        (directory / str(number)).write_bytes(content)
        blobs.append(Blob(str(directory / str(number))))
    found = Extents.of(Source(0, tuple(blobs), joint))  # type: ignore[arg-type]
    assert found is not None
    return found


@in_a_directory
@given(st.lists(texts, min_size=1, max_size=3), st.integers(1, 9))
def test_partitions_are_the_stream_cut_at_record_starts(
    tmp_path: Path, contents: list[bytes], width: int
) -> None:
    stream = extents(tmp_path, contents)
    parts = [
        b"".join(stream.slice(stream.boundary(start), stream.boundary(stop)).blocks(7))
        for start, stop in stream.cuts(width)
    ]
    assert b"".join(parts) == b"".join(contents)
    content = b"".join(contents)
    starts = [0, *(at + 1 for at, byte in enumerate(content) if byte == 10), len(content)]
    for position in range(len(content)):
        assert stream.boundary(position) == min(at for at in starts if at >= position)
    before = b""
    for part in parts:
        assert not part or not before or before.endswith(b"\n")
        before += part


@in_a_directory
@given(st.lists(texts, min_size=1, max_size=4))
def test_a_record_ends_with_its_file_where_records_meet(
    tmp_path: Path, contents: list[bytes]
) -> None:
    full = [content for content in contents if content]
    expected = b"".join(c if c.endswith(b"\n") else c + b"\n" for c in full[:-1])
    stream = extents(tmp_path, contents, "records")
    assert b"".join(stream.blocks()) == expected + b"".join(full[-1:])


@in_a_directory
@given(texts, st.integers(1, 9), st.integers(0, 9))
def test_dropped_records_are_gone_and_no_others(
    tmp_path: Path, content: bytes, first: int, more: int
) -> None:
    lines = [line + b"\n" for line in content.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    kept = b"".join(lines[: first - 1] + lines[first + more :])
    stream = extents(tmp_path, [content]).without(first, first + more)
    assert b"".join(stream.blocks()) == kept
    assert b"".join(dealt(content, stage(drop=(first, first + more)))) == kept


def blocks(content: bytes, wanted: Stage, size: int = 8) -> list[Block]:
    """The blocks of a pipe that gives these bytes; those that go on are read to the end."""
    read, write = os.pipe()

    def send() -> None:
        with os.fdopen(write, "wb") as pipe:
            pipe.write(content)

    writer = threading.Thread(target=send)
    writer.start()
    found = []
    for block in Dealer(read, wanted, size, lambda: False).blocks():
        if block.rest is not None:
            block.data = b"".join([bytes(block.data), *map(bytes, block.rest)])
        found.append(block)
    writer.join()
    os.close(read)
    return found


def dealt(content: bytes, wanted: Stage) -> list[bytes]:
    return [bytes(block.data) for block in blocks(content, wanted)]


@given(texts, st.integers(1, 3))
def test_a_block_knows_the_records_before_it(content: bytes, records: int) -> None:
    """However long those are, beside what is looked through first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deal, "LAST", 4)
        found = blocks(content, stage(before=records))
    came = b""
    for block in found:
        assert block.before == b"".join(re.findall(rb"[^\n]*\n", came)[-records:])
        came += bytes(block.data)
    assert came == content


NO_NUL = Guard(("\0",))
GUARDS = [None, NO_NUL, Guard(("\0",), "utf-8"), Guard((), "ascii"), Guard(("bb", "a\n"))]


@given(texts, st.sampled_from(GUARDS), st.lists(st.integers(0, 60), max_size=4))
def test_a_guard_is_of_the_bytes_however_they_come(
    content: bytes, guard: Guard | None, places: list[int]
) -> None:
    cuts = [0, *sorted(places), len(content)]
    parts = [content[start:stop] for start, stop in itertools.pairwise(cuts)]
    lacks = guard.lacks if guard else ()
    fit = not any(word.encode() in content for word in lacks)
    try:
        content.decode(guard.encoding or "latin-1" if guard else "latin-1")
    except UnicodeDecodeError:
        fit = False
    try:
        check(guard, parts)
    except GuardFailed:
        assert not fit
    else:
        assert fit


@given(texts, st.sampled_from(GUARDS))
def test_blocks_are_the_stream_cut_at_record_ends(content: bytes, guard: Guard | None) -> None:
    parts = dealt(content, stage(guard=guard))
    assert b"".join(parts) == content
    assert all(part.endswith(b"\n") for part in parts[:-1])


def test_what_follows_an_unfit_block_goes_on_with_it() -> None:
    content = b"fit\n" * 500_000 + b"\0\n" + b"fit\n" * 500_000
    parts = dealt(content, stage(guard=NO_NUL))
    assert len(parts) > 1
    assert b"\0" not in b"".join(parts[:-1])
    assert parts[-1].endswith(b"fit\n" * 500_000)


def test_nothing_is_given_away_that_an_unfit_block_might_share_a_buffer_with() -> None:
    near = b"fit\n" * (LOOKAHEAD // 8)
    assert dealt(near + b"\0\n", stage(guard=NO_NUL)) == [near + b"\0\n"]
    parts = dealt(near * 8 + b"\0\n", stage(guard=NO_NUL))
    assert LOOKAHEAD <= len(parts[-1]) < LOOKAHEAD + 100


@pytest.mark.parametrize("guard", [None, NO_NUL])
def test_a_block_that_goes_on_knows_its_place_in_the_stream(guard: Guard | None) -> None:
    counting = Stage(1, (("cat", "\0index"),), 3, "map", "", guard=guard)
    content = b"a\n" * 600_000 + b"x" * 9_000_000
    last = blocks(content, counting, 1 << 20)[-1]
    assert last.index + bytes(last.data).count(b"\n") == 600_000
    assert last.rest is not None


@in_a_directory
@given(texts, st.integers(1, 6))
def test_each_partition_knows_how_many_records_come_before(
    tmp_path: Path, content: bytes, width: int
) -> None:
    counting = Stage(1, (("cat", "\0index"),), width, "map", "")
    stream = extents(tmp_path, [content])
    seen = [given_.index for given_ in partition.ranges(stream, counting)]
    starts = {stream.boundary(start) for start, _ in stream.cuts(width)}
    starts = {start for start in starts if start < len(content)} or {0}
    assert seen == [content[:start].count(b"\n") for start in sorted(starts)]


def test_statuses_take_no_room_with_their_number() -> None:
    account = Account()
    for rule, statuses, expected in (
        ("worst", [0, 3, 1], 3),
        ("any", [1, 0, 1], 0),
        ("any", [1, 0, 2], 2),
        ("first", [2, 0], 0),
        ("first", [1, 1], 1),
    ):
        account.forget(0)
        for status in statuses * 1000:
            account.enter(0, rule, status)
        assert account.status(0) == expected
    assert account.status(1) == 0
