"""Command substitution: the pipeline in `$( )` is compiled, runs, and its output becomes text.

Only `leashc run` does that; whatever but makes or shows a plan runs nothing, and says so.
"""

from __future__ import annotations

import os
import tempfile

from leashc import operators
from leashc.compile import Unit, compile
from leashc.errors import ExpansionError
from leashc.shell import Shell
from leashc.syntax import Pipeline
from runtime.local import run
from runtime.plan import Command, Options
from runtime.tasks import Settings

# Besides what operators say: these read their arguments, unless one of them ends in `-`.
_READ_NOTHING = frozenset(
    "basename date df dirname du expr hostname id ls nproc pwd readlink realpath stat uname "
    "whoami".split()
)


def substituting(unit: Unit, options: Options, settings: Settings) -> Unit:
    """The unit in a shell that runs each substitution as it is reached, from left to right."""

    def output(pipeline: Pipeline, shell: Shell) -> str:
        """Without NUL bytes, as bash has it. Raises CompileError and RunError."""
        environment = {**settings.environment, **shell.assigned}
        inner = unit._replace(text=str(pipeline), shell=shell, name="", output="")
        return _output(inner, options, settings._replace(environment=environment))

    return unit._replace(shell=unit.shell._replace(substitute=output))


def _output(unit: Unit, options: Options, settings: Settings) -> str:
    unit = substituting(unit, options, settings)
    try:
        plan = compile(unit, options)
    except ExpansionError as error:
        if error.status == ExpansionError.status:
            raise
        # Only the subshell ends.
        os.write(2, f"{error.render()}\n".encode(errors="surrogateescape"))
        return ""
    if unit.shell.piped and _may_read(plan.commands[0], unit.shell):
        raise ExpansionError(
            f"$({unit.text}): what it may read is the pipe, which does not run yet",
            "let it read something else: `< file`, or `< /dev/null`",
            status=2,
        )
    with tempfile.TemporaryFile() as output:
        run(plan, settings, stdout=output.fileno())
        output.seek(0)
        return os.fsdecode(output.read().replace(b"\0", b""))


def _may_read(command: Command, shell: Shell) -> bool:
    """Whether standard input may be read where a pipeline begins."""
    law = operators.judge(command.argv, command.environment, shell.variables)
    elsewhere = law.source or (law.inputs and "-" not in law.inputs)
    if command.argv[0] in _READ_NOTHING:
        elsewhere = not any(word.endswith("-") for word in command.argv)
    return not elsewhere and not any(r.descriptor == 0 for r in command.redirects)
