"""The input of a run in the cloud: where it lies in S3, and where it is cut."""

from __future__ import annotations

import hashlib
import itertools
import os
from contextlib import ExitStack
from typing import Literal, NamedTuple

from runtime import s3
from runtime.errors import RunError
from runtime.plan import Blob, Source, Stage
from runtime.regions import Region
from runtime.report import Report
from runtime.source import Extents
from runtime.target import Target
from runtime.upload import Upload


class Cloud(NamedTuple):
    """How a run uses the cloud. calls: tasks at a time; final: where the last merge runs."""

    target: Target
    calls: int = 1000
    final: str = "local"  # local, lambda
    split: str = "byte-range"  # byte-range, chunks, round-robin
    chunk_prefix: str = ""  # with chunks: the objects that stand for standard input
    keep: bool = False


class Inputs:
    """Finds, uploads, deals and cuts what the first region of a run reads."""

    def __init__(self, cloud: Cloud, run: str, report: Report, *, resumed: bool) -> None:
        self.cloud = cloud
        self.run = run
        self.report = report
        self.resumed = resumed

    def source(self, region: Region) -> Extents:
        """The first region's input in S3: local files are uploaded, once."""
        assert region.source is not None and region.map is not None
        source = region.source
        if not source.blobs:
            source = source._replace(blobs=self._standard_input())
        elif not all(blob.remote for blob in source.blobs):
            with self.report.step("upload of local inputs"):
                blobs = tuple(self._uploaded(blob) for blob in source.blobs)
            source = source._replace(blobs=blobs)
        extents = Extents.of(source)
        assert extents is not None
        if self.cloud.split == "round-robin":
            return self._dealt(region.map, extents)
        return extents

    def size(self, region: Region, source: Extents) -> int:
        """Bytes of the input as the shell's commands would see it; see slots.SIZE."""
        assert region.source is not None
        blobs = region.source.blobs
        if len(blobs) == 1:
            return blobs[0].size
        return source.size if not blobs and region.source.size >= 0 else -1

    def _standard_input(self) -> tuple[Blob, ...]:
        """What stands for it: the chunks that were named, or its bytes as an object."""
        if self.cloud.chunk_prefix:
            blobs = tuple(s3.store().objects(self.cloud.chunk_prefix))
            if not blobs:
                raise RunError(f"{self.cloud.chunk_prefix}*: no such objects")
            return blobs
        path = self.cloud.target.path(f"chunks/{self.run}/stdin")
        if not (self.resumed and s3.store().exists(path)):
            with self.report.step("upload of standard input"):
                self._send(0, path)
        return (s3.store().head(path),)

    def _send(self, descriptor: int, path: str) -> None:
        """Make an object of what can be read."""
        with Upload(path) as upload:
            while block := os.read(descriptor, 1 << 20):
                upload.write(block)
                self.report.read += len(block)

    def _dealt(self, stage: Stage, source: Extents) -> Extents:
        """The records of a source, dealt to as many chunks as the stage is wide."""
        if stage.ordered:
            names = " | ".join(argv[0] for argv in stage.pipe)
            raise RunError(
                f"--split round-robin changes the order of records, which matters to {names}",
                "use --split byte-range",
            )
        paths = [self.cloud.target.chunk(self.run, n) for n in range(stage.width)]
        with self.report.step("split into chunks"):
            if not (self.resumed and s3.store().exists(paths[-1])):
                deal(source, paths)
        joint: Literal["records"] = "records"
        extents = Extents.of(Source(0, tuple(s3.store().head(path) for path in paths), joint))
        assert extents is not None
        return extents

    def _uploaded(self, blob: Blob) -> Blob:
        if blob.remote:
            return blob
        digest = hashlib.sha256()
        with open(blob.path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
            path = self.cloud.target.path(f"inputs/{digest.hexdigest()}")
            if not s3.store().exists(path):
                file.seek(0)
                self._send(file.fileno(), path)
        return s3.store().head(path)

    def cuts(self, source: Extents, stage: Stage, *, first: bool) -> list[tuple[int, int]]:
        """Where partitions are cut: anywhere, or between objects."""
        if not first or self.cloud.split == "byte-range":
            return source.cuts(stage.width)
        sizes = itertools.accumulate((extent.size for extent in source.extents), initial=0)
        starts = [
            start for start, extent in zip(sizes, source.extents, strict=False) if extent.blob
        ]
        return list(itertools.pairwise([*starts, source.size])) or [(0, 0)]


def deal(source: Extents, paths: list[str]) -> None:
    """Write the records of a source to objects, one to each in turn.

    A last record without a newline goes to the last: there it still needs none.
    """
    with ExitStack() as stack:
        uploads = [stack.enter_context(Upload(path)) for path in paths]
        turn, rest = 0, b""
        for block in source.blocks():
            *records, rest = (rest + block).split(b"\n")
            for number, upload in enumerate(uploads):
                mine = records[(number - turn) % len(uploads) :: len(uploads)]
                upload.write(b"".join(record + b"\n" for record in mine))
            turn = (turn + len(records)) % len(uploads)
        uploads[-1].write(rest)
