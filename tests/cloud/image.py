"""What the image of Lambda's Python runtime holds, and nothing else.

The interpreter below the virtual environment is run without `site`, so neither an editable
install nor any other package of the developer's can be imported: only the function's own
code, and boto3 and the runtime client with what they need.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import uuid
from pathlib import Path

from tests.cloud.control import Function

_NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = (f"{sys.base_prefix}/bin/{_NAME}", "-S", "-P")

_INSTALLED = ("boto3", "awslambdaric")


def libraries(directory: Path) -> None:
    """Make a directory of links to the packages of the image; PackageNotFoundError.

    All are compiled, as the image's are: what is compiled of modules that are no packages
    lies in one folder, so its files have links of their own.
    """
    directory.mkdir()
    compiled = directory / "__pycache__"
    compiled.mkdir()
    seen: set[str] = set()
    left = list(_INSTALLED)
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        distribution = importlib.metadata.distribution(name)
        files = distribution.files or ()
        for top in {path.parts[0] for path in files} - {"..", "__pycache__"}:
            (directory / top).symlink_to(Path(str(distribution.locate_file(top))))
        for path in files:
            if path.parts[0] == "__pycache__":
                (compiled / path.name).symlink_to(Path(str(distribution.locate_file(path))))
        for requirement in distribution.requires or ():
            if "extra ==" not in requirement:
                left += re.findall(r"^[\w.-]+", requirement)


def variables(function: Function, shared: dict[str, str]) -> dict[str, str]:
    """The environment variables that Lambda gives a function, and its own."""
    return {
        **shared,
        "HOME": "/dev/null",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": f"{function.code}:{shared['LAMBDA_RUNTIME_DIR']}",
        "PYTHONDONTWRITEBYTECODE": "1",  # on Lambda the code's directory is read-only
        "LAMBDA_TASK_ROOT": str(function.code),
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{_NAME}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"[{function.version}]{uuid.uuid4().hex}",
        **dict(function.variables),
    }
