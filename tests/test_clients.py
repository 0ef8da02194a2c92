"""Our clients read botocore's descriptions of services their own way, and must ask as its do."""

from __future__ import annotations

import io
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.config import Config
from botocore.loaders import Loader

from runtime.clients import client
from runtime.session import Session

PAGE = b"""<?xml version="1.0"?><ListBucketResult><KeyCount>2</KeyCount>
<Contents><Key>b</Key><Size>7</Size><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>
<Contents><Key>a</Key><Size>0</Size></Contents></ListBucketResult>"""

AT, UPLOAD = {"Bucket": "my-bucket", "Key": "a b/ü"}, {"UploadId": "u"}
DELETED = {"Objects": [{"Key": "a"}, {"Key": "b"}], "Quiet": True}
CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("s3", "head_object", AT),
    ("s3", "get_object", {**AT, "Range": "bytes=0-9", "IfMatch": '"e"'}),
    ("s3", "put_object", {**AT, "Body": b"text", "IfNoneMatch": "*"}),
    ("s3", "list_objects_v2", {"Bucket": "my-bucket", "Prefix": "a", "Delimiter": "/"}),
    ("s3", "delete_objects", {"Bucket": "my-bucket", "Delete": DELETED}),
    ("s3", "upload_part", {**AT, **UPLOAD, "PartNumber": 1, "Body": b"part"}),
    ("s3", "abort_multipart_upload", {**AT, **UPLOAD}),
    ("lambda", "invoke", {"FunctionName": "leash-worker", "Payload": b"{}"}),
)


class Raw(io.BytesIO):
    """The body of an answer, as botocore reads it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


def exchanged(client: Any, name: str, given: dict[str, Any]) -> tuple[Any, ...]:
    """What a client asks for, but for what no two requests share, and what it answers."""
    seen: list[AWSRequest] = []

    def answer(request: AWSRequest, **_: Any) -> AWSResponse:
        seen.append(request)
        return AWSResponse(request.url, 200, {}, Raw(PAGE if name.startswith("list") else b""))

    client.meta.events.register_first("before-send", answer)
    found = getattr(client, name)(**given)
    found.pop("Body", None)
    found.pop("Payload", None)
    (request,) = seen
    headers = {key.lower(): value for key, value in request.headers.items()}
    signed = str(headers.pop("authorization")).rpartition("Signature=")[0]
    scope = [part for part in signed.split("/") if not part.isdigit()]
    for passing in ("x-amz-date", "amz-sdk-invocation-id", "user-agent"):
        headers.pop(passing)
    body = request.body.read() if hasattr(request.body, "read") else request.body
    return request.method, request.url, headers, scope, body, found


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_LAMBDA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")


@pytest.mark.parametrize(
    ("region", "option"),
    [
        ("us-east-1", "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=legacy"),
        ("us-east-1", ""),
        ("eu-west-3", "AWS_USE_DUALSTACK_ENDPOINT=true"),
        ("cn-north-1", ""),
        ("us-gov-west-1", "AWS_USE_FIPS_ENDPOINT=true"),
        ("xx-unheard-1", "AWS_ENDPOINT_URL=http://127.0.0.1:9"),
    ],
)
def test_what_is_asked_and_understood_is_as_with_botocore_s_own_client(
    region: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    if option:
        monkeypatch.setenv(*option.split("="))
    config = Config(connect_timeout=5, tcp_keepalive=True)
    ours = {service: client(service) for service in ("s3", "lambda")}
    session = botocore.session.get_session()
    theirs = {name: session.create_client(name, region, config=config) for name in ours}
    for service, name, given in CALLS:
        expected = exchanged(theirs[service], name, given)
        assert exchanged(ours[service], name, given) == expected


def test_a_botocore_of_another_make_has_its_table_read_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = Loader.load_data_with_path

    def other(self: Loader, name: str) -> tuple[Any, str]:
        found, path = read(self, name)
        return ({"partitions": [{"name": "aws"}]} if name == "partitions" else found), path

    monkeypatch.setattr(Loader, "load_data_with_path", other)
    session = Session()
    table, path = session.get_component("data_loader").load_data_with_path("endpoints")
    assert table == read(Loader(), "endpoints")[0]
    assert path.endswith("endpoints")
