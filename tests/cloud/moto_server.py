"""moto as a process: IAM, STS, CloudWatch Logs, and Lambda but for Invoke. Its argument: a port.

It is run as a file, so that nothing of ours is imported with it.
"""

from __future__ import annotations

import sys
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.server import main

_update_configuration = LambdaFunction.update_configuration
_update_function_code = LambdaFunction.update_function_code


def update_configuration(self: LambdaFunction, changes: dict[str, Any]) -> dict[str, Any]:
    """As moto's, which takes this on creation only."""
    if "EphemeralStorage" in changes:
        self.ephemeral_storage = changes["EphemeralStorage"]["Size"]
    return _update_configuration(self, changes)


def update_function_code(self: LambdaFunction, changes: dict[str, Any]) -> dict[str, Any]:
    """As moto's, which takes this on creation only."""
    if "Architectures" in changes:
        self.architectures = changes["Architectures"]
    return _update_function_code(self, changes)


if __name__ == "__main__":
    for better in (update_configuration, update_function_code):
        setattr(LambdaFunction, better.__name__, better)
    main(["--host", "127.0.0.1", "--port", sys.argv[1]])
