"""Clients of AWS: addresses, region and credentials come from where every AWS tool has them."""

from __future__ import annotations

import os
from typing import Any

VERSIONS = {"s3": "2006-03-01", "lambda": "2015-03-31"}


def client(service: str, **settings: Any) -> Any:
    """A client of S3 or Lambda; settings: of botocore.config.Config.

    botocore looks through four hundred folders to learn which services there are; these
    two are known, which saves a fifth of the time that a client takes to make.
    """
    import botocore.session
    from botocore.config import Config
    from botocore.loaders import Loader

    class Known(Loader):  # type: ignore[misc]
        def list_available_services(self, type_name: str) -> list[str]:
            return list(VERSIONS)

    session = botocore.session.get_session()
    session.register_component("data_loader", Known())
    return session.create_client(
        service,
        os.environ.get("AWS_REGION") or None,
        api_version=VERSIONS[service],
        config=Config(connect_timeout=5, tcp_keepalive=True, **settings),
    )
