"""@reversed FILE...: the files one after the other, from the last to the first."""

import os
import sys

BLOCK = 1 << 20


def main(paths: list[str]) -> None:
    output = sys.stdout.fileno()
    for path in reversed(paths):
        with open(path, "rb", buffering=0) as file:
            while block := file.read(BLOCK):
                rest = memoryview(block)
                while rest:
                    rest = rest[os.write(output, rest) :]
