"""An invocation: one command with its words expanded and its options told from its operands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Locale(NamedTuple):
    """The names of the locale categories that change bytes, as a process would resolve them."""

    ctype: str = "C"
    collate: str = "C"
    numeric: str = "C"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Locale:
        """POSIX precedence: LC_ALL, then the category, then LANG, then C."""

        def name(category: str) -> str:
            for variable in ("LC_ALL", category, "LANG"):
                if environment.get(variable):
                    return environment[variable]
            return "C"

        return cls(name("LC_CTYPE"), name("LC_COLLATE"), name("LC_NUMERIC"))

    @property
    def bytewise(self) -> bool:
        """Whether a character is a byte."""
        return self.ctype in ("C", "POSIX")

    @property
    def utf8(self) -> bool:
        """Whether characters are encoded in UTF-8."""
        return self.ctype.lower().replace("-", "").endswith("utf8")

    @property
    def collates_bytewise(self) -> bool:
        """Whether strings order as their bytes do (glibc's C.UTF-8 orders by code point)."""
        return self.collate in ("C", "POSIX", "C.UTF-8", "C.utf8")


class Option(NamedTuple):
    """One option as it was given: canonical name, value, and the words that spelled it."""

    name: str
    value: str | None
    words: tuple[str, ...]


class Unrecognised(Exception):
    """The arguments do not fit the option table; str() is the reason."""


class OptionTable:
    """The options of a command, from a text like its manual's.

    One option a line: `-k --key=KEYDEF`, `-r --reverse`, `--color[=WHEN]`,
    `-NUM` for the old `-5`, `+NUM` for the old `+3`. The first name of a line
    is the canonical one. A short option takes a value if its line shows one.
    Long names may be abbreviated, as getopt_long allows.
    """

    def __init__(self, text: str) -> None:
        self.lines: list[str] = []
        self._canonical: dict[str, str] = {}
        self._takes: dict[str, str] = {}  # canonical -> "no" | "value" | "optional"
        self._old: dict[str, str] = {}
        for line in text.split("\n"):
            # Two spaces end the option; the rest of the line is a remark.
            spec = re.split(r"\s{2,}", line.strip())[0]
            if not spec:
                continue
            self.lines.append(spec)
            names = [re.sub(r"\[?=.*", "", word) for word in spec.split() if word[0] in "-+"]
            if names[0] in ("-NUM", "+NUM"):
                self._old[names[0][0]] = names[0]
                continue
            takes = "optional" if "[=" in spec else "value" if "=" in spec else "no"
            self._takes[names[0]] = takes
            for name in names:
                self._canonical[name] = names[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The canonical names."""
        return (*self._takes, *self._old.values())

    def takes(self, name: str) -> str:
        return self._takes.get(name, "no")

    def parse(
        self, arguments: tuple[str, ...], *, permute: bool = True
    ) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        """Options and operands, as getopt_long tells them apart.

        permute: options may follow operands (GNU). Raises Unrecognised.
        """
        options: list[Option] = []
        operands: list[str] = []
        queue = list(arguments)
        while queue:
            word = queue.pop(0)
            if word == "--":
                operands += queue
                break
            if word == "-" or word[:1] not in ("-", "+"):
                operands.append(word)
                if not permute:
                    operands += queue
                    break
            elif word[0] in self._old and re.fullmatch(r"[-+]\d+", word):
                options.append(Option(self._old[word[0]], word[1:], (word,)))
            elif word[0] == "+":
                operands.append(word)
            elif word.startswith("--"):
                options.append(self._long(word, queue))
            else:
                options += self._short(word, queue)
        return tuple(options), tuple(operands)

    def _long(self, word: str, queue: list[str]) -> Option:
        name, equals, value = word.partition("=")
        if name in self._canonical:
            matches = {self._canonical[name]}
        else:
            matches = {c for n, c in self._canonical.items() if n.startswith(name)}
        if len(matches) != 1:
            raise Unrecognised(f"leashc does not know its option {name}")
        canonical = matches.pop()
        takes = self._takes[canonical]
        if equals and takes == "no":
            raise Unrecognised(f"its option {name} takes no value")
        if equals or takes != "value":
            return Option(canonical, value if equals else None, (word,))
        if not queue:
            raise Unrecognised(f"its option {name} lacks a value")
        value = queue.pop(0)
        return Option(canonical, value, (word, value))

    def _short(self, word: str, queue: list[str]) -> list[Option]:
        options = []
        letters = word[1:]
        while letters:
            canonical = self._canonical.get("-" + letters[0])
            if canonical is None:
                raise Unrecognised(f"leashc does not know its option -{letters[0]}")
            spelled, rest = "-" + letters[0], letters[1:]
            takes = self._takes[canonical]
            if takes == "no" or (takes == "optional" and not rest):
                options.append(Option(canonical, None, (spelled,)))
                letters = rest
            elif rest:
                options.append(Option(canonical, rest, (spelled + rest,)))
                letters = ""
            elif queue:
                value = queue.pop(0)
                options.append(Option(canonical, value, (spelled, value)))
                letters = ""
            else:
                raise Unrecognised(f"its option {spelled} lacks a value")
        return options


class Unparsed(OptionTable):
    """For arguments that are a language of their own (find, dd): all of them are operands."""

    def parse(
        self, arguments: tuple[str, ...], *, permute: bool = True
    ) -> tuple[tuple[Option, ...], tuple[str, ...]]:
        return (), arguments


class Invocation(NamedTuple):
    """What an operator is asked about.

    environment: the assignments that stand before the command; locale: the one
    that it runs in, those assignments counted.
    """

    name: str
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    locale: Locale = Locale()
    options: tuple[Option, ...] = ()
    operands: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these options was given (canonical names)."""
        return any(option.name in names for option in self.options)

    def value(self, name: str, default: str | None = None) -> str | None:
        """The value of the last occurrence of an option."""
        return next((o.value for o in reversed(self.options) if o.name == name), default)

    def first_of(self, *names: str) -> str | None:
        """Which of these options was given first, for reasons that name it."""
        return next((option.words[0] for option in self.options if option.name in names), None)

    @property
    def flags(self) -> tuple[str, ...]:
        """The option words alone, as they were spelled."""
        return self.flags_without()

    def flags_without(self, *names: str) -> tuple[str, ...]:
        """The option words, some options left out."""
        return tuple(w for o in self.options if o.name not in names for w in o.words)

    def without(self, *names: str) -> Invocation:
        """The same invocation, some options left out."""
        return self._replace(options=tuple(o for o in self.options if o.name not in names))

    def argv(self, *operands: str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The command with its options and these operands in place of its own."""
        guard = (
            ("--",) if any(word.startswith(("-", "+")) and word != "-" for word in operands) else ()
        )
        return (self.name, *self.flags_without(*without), *guard, *operands)
