"""Clients of AWS: addresses, region and credentials come from where every AWS tool has them."""

from __future__ import annotations

import os
from typing import Any


def client(service: str, **settings: Any) -> Any:
    """A client of S3 or Lambda; settings: of botocore.config.Config."""
    import botocore
    from botocore.config import Config

    from runtime.session import VERSIONS, Session

    return Session().create_client(
        service,
        os.environ.get("AWS_REGION") or None,
        api_version=VERSIONS[service],
        config=Config(
            # botocore's own is put together anew, twice, for each request.
            user_agent=f"leashc botocore/{botocore.__version__}",
            connect_timeout=5,
            tcp_keepalive=True,
            **settings,
        ),
    )


def unconnected() -> tuple[type[Exception], ...]:
    """What a client raises when nobody was reached: no name, no host, no answer to a call."""
    from botocore import exceptions

    return (
        exceptions.EndpointConnectionError,
        exceptions.ConnectTimeoutError,
        exceptions.ProxyConnectionError,
    )


def broken() -> tuple[type[Exception], ...]:
    """What a client raises when a connection ended too early, whatever had been done by then."""
    from botocore import exceptions, httpsession

    # The last two, of urllib3, come as they are where the body of an error is read.
    return (
        exceptions.HTTPClientError,
        exceptions.IncompleteReadError,
        ConnectionError,
        httpsession.ProtocolError,
        httpsession.URLLib3ReadTimeoutError,
    )
