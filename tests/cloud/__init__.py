"""A local AWS for development and tests: S3, Lambda and its control plane, on loopback only."""

from tests.cloud.cloud import Cloud, Environments
from tests.cloud.environment import Invocation
from tests.cloud.faults import KINDS, LAMBDA_KINDS, S3_KINDS, Fault, Faults

__all__ = [
    "KINDS",
    "LAMBDA_KINDS",
    "S3_KINDS",
    "Cloud",
    "Environments",
    "Fault",
    "Faults",
    "Invocation",
]
