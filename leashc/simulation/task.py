"""What a task takes: requests, bytes and seconds of a processor, as the worker would spend them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from leashc.simulation.parameters import MB, Parameters, steps
from runtime.attempts import Job
from runtime.plan import Argv, Stage
from runtime.remote import block
from runtime.s3 import AHEAD, BLOCK
from runtime.sample import spread
from runtime.slots import KERNEL
from runtime.source import SCAN
from runtime.upload import parts

LEAST = 40  # bytes of a result, such as a count
READERS = 32  # connections of one worker
_HOLD = ("sort", "count", "distinct")  # of kernels, as they count what is many


class Function(NamedTuple):
    """The deployed worker. memory, storage: MB; timeout: seconds."""

    memory: int = 3008
    architecture: str = "arm64"
    storage: int = 2048
    timeout: int = 900


class Phase(NamedTuple):
    """Part of a task in which it moves bytes and computes at the same time.

    read, written: bytes; processor: seconds, of all its processes; longest: of the busiest of
    them; gets: how many requests follow each other.
    """

    read: float
    written: float
    processor: float
    longest: float
    gets: float = 0.0

    def network(self, p: Parameters) -> float:
        """Seconds that the bytes take, or the requests for them."""
        return max(max(self.read, self.written) / MB / p["bandwidth"], self.gets * p["get_latency"])

    def computing(self, p: Parameters, function: Function) -> float:
        """Seconds that the processors take."""
        processors = function.memory / p["memory_per_cpu"] * p[f"{function.architecture}_speed"]
        return max(self.processor / processors, self.longest / min(processors, 1.0))


class Demand(NamedTuple):
    """All that a task needs. scratch: bytes in /tmp."""

    requests: Counter[str]
    read: int
    written: int
    phases: tuple[Phase, ...]
    scratch: int = 0

    def seconds(self, p: Parameters, function: Function) -> float:
        """From its start to its commit record, when nothing is in its way."""
        busy = sum(max(f.network(p), f.computing(p, function)) for f in self.phases)
        return p["task"] + 3 * p["put_latency"] + busy


def demand(job: Job, p: Parameters, function: Function) -> Demand:
    """What a job needs."""
    stage = job.stage
    if job.ask == "splitters":
        return _sample(job, p)
    mapped = stage.role == "map"
    size = job.cut[1] - job.cut[0] if mapped else job.inputs.size
    requests = Counter(get=1 + (len(job.splitters.extents) > 0), put=1, head=1)
    if mapped:
        requests["get"] += 2 + -(-size // BLOCK)  # the plan, its two ends, its bytes
        follow = size / BLOCK / (AHEAD + 1)
    else:
        ranges = job.inputs.extents
        at_once = block(max(len(ranges), 1), function.memory << 20)
        gets = sum(-(-extent.size // at_once) for extent in ranges)
        requests["get"] += gets
        follow = gets / min(READERS, max(len(ranges), AHEAD))
    if job.ask == "records":
        reading = Phase(size, 0, _moving(size, p), 0.0, follow)
        return Demand(Counter(get=requests["get"]), size, 0, (reading,))
    written = max(int(size * ratio(stage, p)), min(size, LEAST))
    made = parts(written)  # of a multipart upload
    requests.update({"create": 1, "part": made, "complete": 1} if made else {"put": 1})
    seams = SCAN if mapped else 0
    phases = _phases(stage, size + seams, written, follow, p)
    sorts = any(_holds(argv) for argv in stage.pipe)
    return Demand(requests, size + seams, written, phases, size if sorts else 0)


def ratio(stage: Stage, p: Parameters) -> float:
    """Bytes that a stage writes for one that it reads."""
    found = 1.0
    for argv in stage.pipe:
        found *= p.rates(argv).ratio
    return found


def seconds_here(stages: list[Stage], size: float, p: Parameters) -> float:
    """What the coordinator's machine needs for stages that read so much, side by side."""
    pipe = (argv for stage in stages for argv in stage.pipe)
    return max(size / MB / p["local_bandwidth"], p.together(pipe, size))


def _phases(
    stage: Stage, read: float, written: int, gets: float, p: Parameters
) -> tuple[Phase, ...]:
    """One, or two where a command has all of its input before it writes anything."""
    size, used, held = read, [_moving(read, p)], list[float]()
    for argv in stage.pipe:
        rates = p.rates(argv)
        seconds = rates.seconds(size, p["record"])
        if _holds(argv):
            merges = (KERNEL, "runs") if argv[0] == KERNEL else ("sort", "-m")
            merge = p.rates(merges).seconds(size, p["record"])
            used.append(max(seconds - merge, 0.0))
            held = [merge]
        else:
            (held or used).append(seconds)
        size *= rates.ratio
    writing = _moving(written, p)
    if not held:
        used.append(writing)
        return (Phase(read, written, sum(used), max(used), gets),)
    held.append(writing)
    return (Phase(read, 0, sum(used), max(used), gets), Phase(0, written, sum(held), max(held)))


def _holds(argv: Argv) -> bool:
    return steps(argv)[-1][0] in _HOLD and "-m" not in argv


def _moving(size: float, p: Parameters) -> float:
    """Seconds of a processor for bytes from or to S3."""
    return size / MB * p["transport"] / 1e3


def _sample(job: Job, p: Parameters) -> Demand:
    """The task that finds the splitters."""
    count, size = spread(job.inputs.size, job.ranges)
    moved = count * size
    processor = _moving(moved, p) + sum(
        p.rates(argv).seconds(moved, p["record"]) for argv in job.stage.pipe
    )
    phase = Phase(moved, 0, processor, processor, count / READERS)
    return Demand(Counter(get=1 + count, put=2, head=1), moved, 0, (phase,))
