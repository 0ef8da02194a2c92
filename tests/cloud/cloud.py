"""A cloud of one's own: S3, Lambda and the control plane, on loopback."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.cloud.control import Control
from tests.cloud.environment import Invocation
from tests.cloud.faults import KINDS, Faults, Proxy
from tests.cloud.functions import Functions
from tests.cloud.keeper import Keeper
from tests.cloud.seaweed import Seaweed

_PATIENCE = 30  # seconds


class Environments(NamedTuple):
    """How many execution environments were ever started, and how many there are."""

    started: int
    alive: int


class Cloud:
    """Runs from its making until `stop`; also as a context.

    environment: the variables that lead a program here
    bucket, region: of everything
    s3, lambda_: boto3 clients that do not retry
    """

    bucket = "leashc-cloud"
    region = "us-east-1"

    def __init__(self) -> None:
        """RuntimeError if a server does not start, with what it said."""
        directory = Path(tempfile.mkdtemp(prefix="leashc-cloud-"))
        self._keeper = Keeper(directory)
        try:
            self._start(directory)
        except BaseException:
            self._keeper.close()
            raise

    def _start(self, directory: Path) -> None:
        key, secret = "AKIALOCALLOCALLOCAL1", "local-secret"
        self._seaweed = Seaweed(directory / "s3", self._keeper, key, secret)
        control = Control(directory / "control", self._keeper, self.region)
        shared = {
            "AWS_ENDPOINT_URL_S3": self._seaweed.url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }
        self._functions = Functions(directory / "functions", control, self._keeper, shared)
        self._proxies: dict[str, Proxy] = {}
        self.environment = {
            "AWS_ENDPOINT_URL": self._functions.url,
            **shared,
            "AWS_BUCKET": self.bucket,
        }
        self.s3 = self.client("s3")
        self.lambda_ = self.client("lambda")
        _until(lambda: self.s3.create_bucket(Bucket=self.bucket), self._seaweed.log)
        # It takes a bucket before it has where to put an object.
        _until(lambda: self.s3.put_object(Bucket=self.bucket, Key="probe"), self._seaweed.log)
        self.s3.delete_object(Bucket=self.bucket, Key="probe")
        _until(control.reach, control.log)

    def stop(self) -> None:
        """End every process and remove every file."""
        self._functions.close()
        for proxy in self._proxies.values():
            proxy.close()
        self.s3.close()
        self.lambda_.close()
        self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, service: str, environment: dict[str, str] | None = None) -> Any:
        """A boto3 client for these variables (default: without faults) that does not retry."""
        variables = environment or self.environment
        default = variables["AWS_ENDPOINT_URL"]
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=variables.get(f"AWS_ENDPOINT_URL_{service.upper()}", default),
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
            config=Config(
                retries={"total_max_attempts": 1}, read_timeout=900, max_pool_connections=100
            ),
        )

    @property
    def invocations(self) -> list[Invocation]:
        """All invocations that ran, in the order of their ends."""
        return self._functions.invocations

    @property
    def throttled(self) -> int:
        """How many invocations were refused with 429, but for faults."""
        return self._functions.throttled

    @property
    def environments(self) -> Environments:
        """What there was, and is, of execution environments."""
        return Environments(self._functions.pool.started, self._functions.pool.alive)

    def limit(self, concurrency: int) -> None:
        """Set how many invocations may run at a time; 32 at first."""
        self._functions.pool.limit = concurrency

    def logs(self, name: str) -> str:
        """What a function has written, its environments one after the other."""
        return self._functions.logs(name)

    @contextmanager
    def faults(
        self,
        seed: int,
        rate: float = 0.05,
        kinds: Iterable[str] = KINDS,
        limit: int = 2,
        delay: float = 0.5,
    ) -> Iterator[Faults]:
        """A plan of faults in force, one at a time; the arguments are those of Faults.

        Clients of its `environment` meet them, and so do the functions that they invoke.
        """
        if not self._proxies:
            self._proxies = {
                "s3": Proxy("s3", self._seaweed.address),
                "lambda": Proxy("lambda", self._functions.address),
            }
        s3, functions = self._proxies["s3"], self._proxies["lambda"]
        plan = Faults(seed, rate, kinds, limit, delay)
        plan.environment = {
            **self.environment,
            "AWS_ENDPOINT_URL": functions.url,
            "AWS_ENDPOINT_URL_S3": s3.url,
        }
        usual = self._functions.variables
        self._functions.variables = {**usual, "AWS_ENDPOINT_URL_S3": s3.url}
        s3.plan = functions.plan = plan
        try:
            yield plan
        finally:
            plan.settle()
            s3.plan = functions.plan = None
            self._functions.variables = usual


def _until(succeeds: Callable[[], object], log: Path) -> None:
    """Try until it does not fail; RuntimeError with the log if it takes too long."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            succeeds()
            return
        except (OSError, BotoCoreError, ClientError) as error:
            if time.monotonic() > end:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from error
        time.sleep(0.02)
