"""What setup.cfg cannot say: Lark writes the parsers, and a C compiler makes the kernels.

Without a compiler leashc is installed all the same, and runs the tools alone.
"""

import os
import sys

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


class Build(build_py):
    def run(self) -> None:
        from leashc.languages import grammars
        from runtime import kernels

        for language in grammars.LANGUAGES:
            grammars.write(language)
        if not kernels.build():
            self.warn("no C compiler made the kernels: the tools will do everything")
        super().run()


class OfThisMachine(Distribution):
    def has_ext_modules(self) -> bool:
        """Whether a wheel serves only machines like this one: it holds an executable."""
        return True


setup(cmdclass={"build_py": Build}, distclass=OfThisMachine)
