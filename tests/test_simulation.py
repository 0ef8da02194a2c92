"""Simulated runs: the real plan and coordinator over a clock, a function and a bucket of air."""

from __future__ import annotations

import json
import statistics
from typing import Any

import pytest
from click.testing import CliRunner

from leashc import host
from leashc.cli import cli
from leashc.compile import Unit
from leashc.errors import CompileError
from leashc.simulation import sweep
from leashc.simulation.choose import MERGES
from leashc.simulation.cloud import blob
from leashc.simulation.parameters import Parameters, table
from leashc.simulation.question import OUTPUT, Question
from leashc.simulation.run import Simulated
from leashc.simulation.task import Function, Phase
from runtime.cost import Cost
from runtime.errors import RunError, TaskFailed
from runtime.plan import Options
from runtime.s3 import BLOCK
from runtime.upload import parts, target

GB = 1_000_000_000
CALM = {"slow": 0.0, "lost": 0.0, "tail": 0.0, "skew": 1e-6}


def question(text: str = "sort f", size: int = GB, width: int = 16, **given: Any) -> Question:
    shell = host.here()
    shell = shell._replace(variables={**shell.variables, "LC_ALL": "C"})
    options = Options(width, 2, given.pop("merge", "shuffle"))
    options = options._replace(kernels=given.pop("kernels", "auto"))
    unit = Unit(text, shell, lambda path: blob(path, size), output=OUTPUT)
    parameters = given.pop("parameters", CALM)
    calls, seed = given.pop("calls", 1000), given.pop("seed", 1)
    return Question(unit, options, size, Function(**given), parameters, calls, "lambda", seed)


def run(*args: Any, **given: Any) -> Simulated:
    return question(*args, **given).answer()


def test_the_same_seed_gives_the_same_run() -> None:
    chances = {"slow": 0.1, "lost": 0.05}
    once, again, other = (run(parameters=chances, seed=seed) for seed in (7, 7, 8))
    assert (once.seconds, once.cost, once.repeated) == (again.seconds, again.cost, again.repeated)
    assert once.seconds != other.seconds


def test_kernels_need_less_of_a_processor() -> None:
    """So that a small function sorts as fast as the network lets it."""
    tools, kernels = (run(memory=512, kernels=choice) for choice in ("off", "auto"))
    assert kernels.seconds < 0.9 * tools.seconds and kernels.dollars < tools.dollars
    assert tools.bottleneck.endswith("processor")


def test_every_parameter_has_a_unit_and_a_source() -> None:
    found = table()
    assert all(entry["unit"] and entry["source"] for entry in found["parameters"].values())
    assert found["date"] and found["prices"]["source"] and found["commands"]["source"]


def test_what_was_lost_is_done_again_and_paid_for() -> None:
    calm, troubled = run(), run(parameters={**CALM, "lost": 0.2})
    lost = [why for why in troubled.repeated if why.endswith(": lost")]
    assert lost and not calm.repeated
    assert troubled.dollars > calm.dollars
    assert troubled.stages["2"].written >= GB


def test_a_straggler_gets_a_second_attempt_from_the_real_coordinator() -> None:
    slow = {**CALM, "slow": 0.02, "slowness": 50.0}
    found = run(width=100, size=100 * GB, parameters=slow)
    assert any(why.endswith(": slow") for why in found.repeated)
    usual = run(width=100, size=100 * GB).stages["1"].end
    assert found.stages["1"].end < 5 * usual  # and not 50 times


def test_more_environments_than_there_are_yet_are_waited_for() -> None:
    found = run("sort f", 2000 * GB // 2, 2000, calls=2000)
    throttled = [why for why in found.repeated if why.endswith(": throttled")]
    assert throttled and found.environments > 1500


def test_requests_beyond_a_prefixs_rate_wait() -> None:
    free = run(width=200, parameters={**CALM, "get_rate": 1e9}).stages["2"]
    held = run(width=200, parameters={**CALM, "get_rate": 2000}).stages["2"]
    gets = held.requests["get"]
    assert gets >= 200 * 200
    assert held.end - held.begin >= gets / 2000 > free.end - free.begin


def test_environments_share_what_a_store_can_move() -> None:
    """As on a local cloud: beside each other tasks are slow, and one alone is as it was."""
    few, many = run(width=2), run(width=16)
    shared = {**CALM, "store_bandwidth": 300.0}
    assert run(width=2, parameters=shared).seconds == pytest.approx(few.seconds, rel=0.1)
    # Each byte is read and written by both layers.
    assert run(width=16, parameters=shared).seconds > 4 * GB / 300e6 > 2 * many.seconds


def test_a_task_that_is_too_long_ends_the_run() -> None:
    with pytest.raises(TaskFailed, match="stage 1, task 0: it would need") as failure:
        run(width=1, timeout=10)
    assert "more --width" in failure.value.remedy


def test_a_run_larger_than_tmp_ends_the_run() -> None:
    with pytest.raises(RunError, match="does not fit into /tmp"):
        run(width=1, size=20 * GB)


def test_dollars_are_those_of_the_table_for_the_counts() -> None:
    found = run()
    cost = Cost()
    cost.billing = cost.billing._replace(architecture="arm64", memory=3008, storage=2048)
    cost.invocations = found.cost["invocations"]
    cost.billed = round(found.cost["gb_seconds"] * 1000 * 1024 / 3008)
    cost.count(found.cost["requests"], {})
    assert cost.as_dict()["total"] == pytest.approx(found.dollars, rel=1e-3)


@pytest.mark.parametrize("merge", ["flat", "tree", "shuffle"])
def test_more_data_take_longer_and_cost_more(merge: str) -> None:
    sizes = [GB, 2 * GB, 10 * GB, 40 * GB]
    found = [run(size=size, width=64, merge=merge) for size in sizes]
    assert [f.seconds for f in found] == sorted(f.seconds for f in found)
    assert [f.dollars for f in found] == sorted(f.dollars for f in found)


def test_all_bytes_pass_through_each_stage() -> None:
    for merge in ("flat", "tree", "shuffle"):
        found = run(merge=merge)
        assert all(spent.written == GB for name, spent in found.stages.items() if name != "output")


def test_what_runs_whole_runs_on_the_coordinators_machine() -> None:
    found = run("sort f | sha256sum", merge="flat")
    assert ["sha256sum" in note for note in found.notes] == [True]
    assert found.cost["coordinator"]["read"] == GB


def test_the_prototypes_figures_come_out() -> None:
    """1 MB by 2 workers took 1.8 s, 1 GB by 4 about 25 s and $0.0026 (on x86_64, 3008 MB)."""
    times = [run(width=2, size=1_000_000, merge="flat", parameters={}, seed=s) for s in range(9)]
    assert 0.7 < statistics.median(found.seconds for found in times) / 1.8 < 1.3
    found = run(width=4, merge="flat", parameters={}, architecture="x86_64")
    assert 0.7 < found.seconds / 25 < 1.3
    assert 0.7 < found.dollars / 0.0026 < 1.3


def test_a_phase_takes_as_long_as_the_slowest_of_what_it_needs() -> None:
    p = Parameters()
    assert Phase(75e6, 75e6, 0, 0).network(p) == pytest.approx(1)
    assert Phase(0, 0, 0, 0, gets=100).network(p) == pytest.approx(100 * p["get_latency"])
    one = Function(memory=1769)
    assert Phase(0, 0, 3.0, 2.0).computing(p, one) == pytest.approx(3.0)
    assert Phase(0, 0, 3.0, 2.0).computing(p, one._replace(memory=10240)) == pytest.approx(2.0)
    assert Phase(0, 0, 3.0, 2.0).computing(p, one._replace(memory=885)) == pytest.approx(6.0, 0.01)


def test_parts_are_counted_as_they_are_written() -> None:
    assert [parts(n) for n in (0, BLOCK - 1, BLOCK, BLOCK + 1, 16 * BLOCK)] == [0, 0, 1, 2, 9]
    assert parts(5 << 40) <= 10_000  # S3's limits: 5 TiB, 10,000 parts of 5 GiB
    assert target(parts(5 << 40)) <= 5 << 30


def test_an_unknown_parameter_is_an_error() -> None:
    with pytest.raises(CompileError, match="there is no parameter 'speed'"):
        run(parameters={"speed": 3.0})


def test_a_sweep_has_a_row_for_each_value_and_merge() -> None:
    asked = question(merge="auto", width=1, storage=512)
    rows = sweep.rows(asked, "width", [1, 64])
    assert [(row.value, row.merge) for row in rows] == [
        (width, merge) for width in (1, 64) for merge in MERGES
    ]
    assert ["/tmp" in row.why for row in rows] == [True] * 3 + [False] * 3
    assert sweep.table("width", rows).count("\n") == 7
    drawing = sweep.svg("width", rows)
    assert "simulated" in drawing and drawing.count("<polyline") == 6


def invoked(*words: str) -> str:
    done = CliRunner().invoke(cli, ["simulate", *words], env={"LC_ALL": "C"})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_says_that_it_simulates() -> None:
    words = ("sort big", "--size", "1TB", "--width", "1000", "--merge", "shuffle")
    assert invoked(*words).startswith("SIMULATED, not run: parameters of ")
    found = json.loads(invoked(*words, "--json"))
    assert found["simulated"] is True
    assert {"seconds", "dollars", "requests", "stages"} <= set(found)
    assert sum(stage["written"] for stage in found["stages"]) >= 2 * 10**12


def test_files_share_the_size() -> None:
    found = json.loads(invoked("sort a b c", "--size", "3GB", "--width", "6", "--json"))
    assert found["stages"][0]["written"] == 3 * GB


def test_the_command_sweeps_and_draws(tmp_path: Any) -> None:
    plot = tmp_path / "sweep.svg"
    words = ("sort a", "--sweep", "bandwidth=40,150", "--merge", "flat", "--plot", str(plot))
    assert invoked(*words, "--width", "4").count("| flat |") == 2
    assert plot.read_text().startswith("<svg")
