"""The sets of tr: ranges, classes, repeats and escapes, as bytes; and what it makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from leashc.invocation import Invocation

_ESCAPES = {
    ord(letter): ord(byte) for letter, byte in zip("\\abfnrtv", "\\\a\b\f\n\r\t\v", strict=True)
}
CLASSES: dict[bytes, Callable[[int], bool]] = {
    b"alnum": lambda b: chr(b).isalnum(),
    b"alpha": lambda b: chr(b).isalpha(),
    b"blank": lambda b: b in b" \t",
    b"cntrl": lambda b: b < 32 or b == 127,
    b"digit": lambda b: chr(b).isdigit(),
    b"graph": lambda b: 32 < b < 127,
    b"lower": lambda b: chr(b).islower(),
    b"print": lambda b: 32 <= b < 127,
    b"punct": lambda b: 32 < b < 127 and not chr(b).isalnum(),
    b"space": lambda b: b in b" \t\n\v\f\r",
    b"upper": lambda b: chr(b).isupper(),
    b"xdigit": lambda b: chr(b) in "0123456789abcdefABCDEF",
}

# A character of a set: the byte, and whether a backslash took its special meaning.
_Char = tuple[int, bool]
# A piece of a set: bytes, or one byte that fills up (`[c*]`).
_Piece = bytes | int


def table(cmd: Invocation) -> tuple[list[int | None], frozenset[int]] | None:
    """What each byte becomes (None: nothing) and which bytes are squeezed; None if not known."""
    if not cmd.locale.bytewise and not cmd.locale.utf8:
        return None
    delete, squeeze, complement = cmd.has("-d"), cmd.has("-s"), cmd.has("-c")
    sets = cmd.operands
    identity: list[int | None] = list(range(256))
    if delete and len(sets) == (2 if squeeze else 1):
        gone = members(sets[0], complement)
        runs = members(sets[1]) if squeeze else frozenset[int]()
        if gone is None or runs is None:
            return None
        return [None if b in gone else b for b in range(256)], runs
    if delete or len(sets) not in ((1, 2) if squeeze else (2,)):
        return None
    if len(sets) == 1:
        runs = members(sets[0], complement)
        return None if runs is None else (identity, runs)
    translation = paired(*sets, complement=complement, truncate=cmd.has("-t"))
    if translation is None:
        return None
    pairs, second = translation
    for old, new in pairs:
        identity[old] = new
    return identity, second if squeeze else frozenset()


def members(text: str, complement: bool = False) -> frozenset[int] | None:
    """The bytes of a set, or all others; None if the set is not understood."""
    pieces = _pieces(text)
    if pieces is None:
        return None
    found = frozenset(
        b for piece in pieces for b in (piece if isinstance(piece, bytes) else (piece,))
    )
    return frozenset(range(256)) - found if complement else found


def paired(
    first: str, second: str, *, complement: bool, truncate: bool
) -> tuple[list[tuple[int, int]], frozenset[int]] | None:
    """Which byte becomes which, in order (the last word counts), and the bytes of the second set.

    None if a set is not understood.
    """
    old_pieces, new_pieces = _pieces(first), _pieces(second)
    if old_pieces is None or new_pieces is None or any(isinstance(p, int) for p in old_pieces):
        return None
    old = b"".join(piece for piece in old_pieces if isinstance(piece, bytes))
    if complement:
        old = bytes(sorted(set(range(256)) - set(old)))
    fills = [piece for piece in new_pieces if isinstance(piece, int)]
    if len(fills) > 1:
        return None
    length = sum(len(piece) for piece in new_pieces if isinstance(piece, bytes))
    new = b"".join(
        piece if isinstance(piece, bytes) else bytes((piece,)) * max(len(old) - length, 0)
        for piece in new_pieces
    )
    if truncate:
        old = old[: len(new)]
    elif not new:
        return None
    elif len(new) < len(old):
        new += new[-1:] * (len(old) - len(new))
    return list(zip(old, new, strict=False)), frozenset(new)


def _unquote(text: str) -> list[_Char]:
    data = text.encode(errors="surrogateescape")
    chars: list[_Char] = []
    at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte != 92 or at == len(data):
            chars.append((byte, False))
            continue
        octal = re.match(rb"[0-3]?[0-7]{1,2}", data[at : at + 3])
        if octal:
            chars.append((int(octal[0], 8), True))
            at += len(octal[0])
        else:
            chars.append((_ESCAPES.get(data[at], data[at]), True))
            at += 1
    return chars


def _pieces(text: str) -> list[_Piece] | None:
    """The pieces of a set in order; None if a part of it is an error."""
    chars = _unquote(text)
    # Escaped bytes are hidden from the patterns, which therefore see only syntax.
    plain = bytes(0 if escaped else byte for byte, escaped in chars)
    byte_at = [byte for byte, _ in chars]
    pieces: list[_Piece] = []
    at = 0
    while at < len(chars):
        if match := re.compile(rb"\[:([^:\]]*):\]").match(plain, at):
            test = CLASSES.get(match[1])
            if test is None:
                return None
            pieces.append(bytes(b for b in range(128) if test(b)))
        elif match := re.compile(rb"\[=.=\]", re.DOTALL).match(plain, at):
            pieces.append(bytes((byte_at[at + 2],)))
        elif match := re.compile(rb"\[.\*([0-9]*)\]", re.DOTALL).match(plain, at):
            count = int(match[1] or b"0", 8 if match[1].startswith(b"0") else 10)
            if count > 1000:
                return None
            pieces.append(bytes((byte_at[at + 1],)) * count if count else byte_at[at + 1])
        elif plain.startswith((b"[:", b"[="), at):
            return None
        elif at + 2 < len(chars) and plain[at + 1] == 45:
            low, high = byte_at[at], byte_at[at + 2]
            if low > high:
                return None
            pieces.append(bytes(range(low, high + 1)))
            at += 3
            continue
        else:
            pieces.append(bytes((byte_at[at],)))
            at += 1
            continue
        at = match.end()
    return pieces
