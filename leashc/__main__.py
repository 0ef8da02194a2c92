"""`leashc`, and `python -m leashc`."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Start the command line; what start-up makes is no garbage, so nobody collects it."""
    gc.disable()
    from leashc.cli import main

    main()


if __name__ == "__main__":
    main()
