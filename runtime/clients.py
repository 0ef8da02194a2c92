"""Clients of AWS: addresses, region and credentials come from where every AWS tool has them."""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

VERSIONS = {"s3": "2006-03-01", "lambda": "2015-03-31"}


def client(service: str, **settings: Any) -> Any:
    """A client of S3 or Lambda; settings: of botocore.config.Config."""
    from botocore.config import Config

    return _session().create_client(
        service,
        os.environ.get("AWS_REGION") or None,
        api_version=VERSIONS[service],
        config=Config(connect_timeout=5, tcp_keepalive=True, **settings),
    )


def _session() -> Any:
    """A session that finds and reads botocore's descriptions of services sooner.

    It does not look through four hundred folders to learn which services there are, and makes
    plain dictionaries, which keep their order, where botocore makes an OrderedDict of each.
    """
    import botocore.session
    from botocore.loaders import JSONFileLoader, Loader

    class Files(JSONFileLoader):  # type: ignore[misc]
        def load_file(self, file_path: str) -> Any:
            for suffix, unpacked in ((".json", bytes), (".json.gz", gzip.decompress)):
                if os.path.isfile(file_path + suffix):
                    with open(file_path + suffix, "rb") as file:
                        return json.loads(unpacked(file.read()))
            return None

    class Known(Loader):  # type: ignore[misc]
        def list_available_services(self, type_name: str) -> list[str]:
            return list(VERSIONS)

    session = botocore.session.get_session()
    session.register_component("data_loader", Known(file_loader=Files()))
    return session
