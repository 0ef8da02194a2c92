"""An AWS account of moto's, empty and in this process; a test's environment leads to it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import botocore.loaders
import pytest
from moto import mock_aws

NUMBER = "123456789012"

# Clients are made by the dozen, and most of their time goes into reading models of services.
_loader = functools.cache(botocore.loaders.create_loader)


@contextmanager
def account(monkeypatch: pytest.MonkeyPatch, region: str) -> Iterator[None]:
    """While it lasts, every client is a client of that account."""
    nothing_else(monkeypatch)
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setattr("botocore.session.create_loader", lambda path=None: _loader(path))
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield


def nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variables nor files of the user lead to AWS."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "LEASH_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
