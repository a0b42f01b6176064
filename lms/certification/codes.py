"""The short code of a certificate: 80 random bits that people can read out and type. Pure."""

import re

BITS = 80
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are taken for others."""
_LENGTH = BITS // 5
_GROUP = 4
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": "", "–": "", "‑": ""})
_CODE = re.compile(f"[{_SYMBOLS}]{{{_LENGTH}}}")
_LONGEST_TYPED = 64


def code_of(number: int) -> str:
    """The code of 80 random bits. 0 <= number < 2**80."""
    if not 0 <= number < 1 << BITS:
        raise ValueError("A code has 80 bits.")
    return "".join(_SYMBOLS[number >> shift & 31] for shift in range(BITS - 5, -1, -5))


def grouped(code: str) -> str:
    """`7KQ4-9M2C-…`: as it is printed and as it stands in addresses."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, in whatever case and groups, with O for 0 and l for 1; None for what is none."""
    if len(typed) > _LONGEST_TYPED:
        return None
    code = typed.upper().translate(_MISREAD)
    return code if _CODE.fullmatch(code) else None
