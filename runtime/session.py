"""A session of botocore's that loads and registers only what clients of S3 and Lambda need.

It takes away by public methods and nothing else: where another botocore does not call one of
them, time is lost. Imports botocore, so import it where a client is made.
"""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

import botocore.session
from botocore.exceptions import DataNotFoundError
from botocore.loaders import JSONFileLoader, Loader

VERSIONS = {"s3": "2006-03-01", "lambda": "2015-03-31"}


class Session(botocore.session.Session):  # type: ignore[misc]
    """Makes clients of the services of VERSIONS, from descriptions that came with botocore."""

    def __init__(self) -> None:
        super().__init__()
        own = [Loader.BUILTIN_DATA_PATH]
        models = _Models(own, file_loader=_Files(), include_default_search_paths=False)
        self.register_component("data_loader", models)

    def register(self, event_name: str, *handler: Any, **how: Any) -> None:
        """Register what handles `<kind>.<service>.<operation>`, if it is for us."""
        kind, service, *_ = f"{event_name}..".split(".")
        if kind != "docs" and service in ("", "*", *VERSIONS):
            super().register(event_name, *handler, **how)


class _Files(JSONFileLoader):  # type: ignore[misc]
    """Reads into dictionaries, which keep their order, where botocore makes OrderedDicts."""

    def load_file(self, file_path: str) -> Any:
        for suffix, unpacked in ((".json", bytes), (".json.gz", gzip.decompress)):
            if os.path.isfile(file_path + suffix):
                with open(file_path + suffix, "rb") as file:
                    return json.loads(unpacked(file.read()))
        return None


class _Models(Loader):  # type: ignore[misc]
    def list_available_services(self, type_name: str) -> list[str]:
        """What there is: botocore would look through four hundred folders."""
        return list(VERSIONS)

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        if name == "endpoints":
            try:
                partitions, path = super().load_data_with_path("partitions")
                return _endpoints(partitions), path
            except (DataNotFoundError, KeyError):
                pass  # another botocore: the whole table, then
        found: tuple[Any, str] = super().load_data_with_path(name)
        return found


def _endpoints(partitions: dict[str, Any]) -> dict[str, Any]:
    """As much of the table of all services' endpoints, of 1.2 MB, as is still asked for.

    Endpoints come from the rules of each service. The older table tells besides which
    partition a region belongs to, which a small file does too, and how requests are signed.
    """
    form = {"hostname": "{service}.{region}.{dnsSuffix}"}
    variants = [form | {"tags": tags} for tags in (["fips"], ["dualstack"], ["dualstack", "fips"])]
    usual = form | {"protocols": ["https"], "signatureVersions": ["v4"], "variants": variants}
    everywhere = {"credentialScope": {"region": "us-east-1"}, "hostname": "s3.amazonaws.com"}
    s3 = {
        "defaults": {"protocols": ["http", "https"], "signatureVersions": ["s3v4"]},
        "partitionEndpoint": "aws-global",
        "endpoints": {"aws-global": everywhere},
    }
    return {
        "partitions": [
            {
                "partition": partition["id"],
                "dnsSuffix": partition["outputs"]["dnsSuffix"],
                "regionRegex": partition["regionRegex"],
                "regions": partition["regions"],
                "defaults": usual,
                "services": {"s3": s3},
            }
            for partition in partitions["partitions"]
        ]
    }
