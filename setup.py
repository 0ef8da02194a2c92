"""What setup.cfg cannot say: Lark writes the parsers when leashc is built."""

import os
import sys

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class BuildParsers(build_py):
    def run(self) -> None:
        from leashc.languages import grammars

        for language in grammars.LANGUAGES:
            grammars.write(language)
        super().run()


setup(cmdclass={"build_py": BuildParsers})
