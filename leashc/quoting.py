"""What stands in `$'…'`: its escapes, as bash decodes them."""

from __future__ import annotations

import os
import re
import sys

from leashc.errors import ExpansionError
from leashc.invocation import Locale

_ESCAPE = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|x\{(?P<braced>[0-9A-Fa-f]*)\}?|x(?P<hex>[0-9A-Fa-f]{1,2})"
    rb"|u(?P<code>[0-9A-Fa-f]{1,4})|U(?P<long>[0-9A-Fa-f]{1,8})"
    rb"|c(?P<control>\\\\|.)|(?P<plain>.))",
    re.DOTALL,
)
_PLAIN = dict(zip(b"abeEfnrtv\\'\"?", b"\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))


def ansi(text: str, locale: Locale) -> str:
    """The characters that `$'text'` stands for; a NUL ends them.

    In a locale of bytes `\\u00e9` stays an escape. Raises ExpansionError for a character
    that the locale may not have.
    """

    def decoded(found: re.Match[bytes]) -> bytes:
        if found["octal"]:
            return bytes([int(found["octal"], 8) & 255])
        if found["braced"] is not None or found["hex"]:
            return bytes([int(found["braced"] or found["hex"] or b"0", 16) & 255])
        if code := found["code"] or found["long"]:
            return _encoded(int(code, 16), locale)
        if found["control"]:
            letter = found["control"][:1]
            return b"\x7f" if letter == b"?" else bytes([letter.upper()[0] & 31])
        plain = _PLAIN.get(found["plain"][0])
        return found[0] if plain is None else bytes([plain])

    return os.fsdecode(_ESCAPE.sub(decoded, os.fsencode(text)).partition(b"\0")[0])


def _encoded(code: int, locale: Locale) -> bytes:
    if code < 0x80:
        return bytes([code])
    if locale.bytewise:
        return b"\\%c%0*X" % ((b"u", 4, code) if code < 0x10000 else (b"U", 8, code))
    if not locale.utf8 or code > sys.maxunicode:
        raise ExpansionError(f"leashc can't tell what U+{code:04X} is in {locale.ctype}")
    return chr(code).encode("utf-8", "surrogatepass")
