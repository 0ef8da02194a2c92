"""The local cloud as a fixture of pytest, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cloud.cloud import Cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """A cloud that all tests share."""
    with Cloud() as running:
        yield running
