"""Clients of AWS: addresses, region and credentials come from where every AWS tool has them."""

from __future__ import annotations

import os
from typing import Any


def client(service: str, **settings: Any) -> Any:
    """A client of S3 or Lambda; settings: of botocore.config.Config."""
    from botocore.config import Config

    from runtime.session import VERSIONS, Session

    return Session().create_client(
        service,
        os.environ.get("AWS_REGION") or None,
        api_version=VERSIONS[service],
        config=Config(connect_timeout=5, tcp_keepalive=True, **settings),
    )
