"""Text as it enters the station and as it is searched.

Everything people type, paste or import goes through `clean` or `clean_line` once, at entry. What is
stored is what is shown: nothing is cleaned again later.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Line ends of every kind that office files and web pages carry; U+2028 and U+2029 also break scripts.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# What no XML file and no font knows: C0 and C1 controls, the byte order mark, noncharacters. A newline stays.
_UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
_LINE_BREAKS = re.compile(r"\s*\n\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")

# 〇, extension A, the basic block, compatibility ideographs, planes 2 and 3.
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def clean(text: str) -> str:
    """The one cleaning of text at entry, for fields of several lines.

    NUL, control characters, lone surrogates, byte order marks and noncharacters go; every kind of line
    end becomes a newline and a tab a blank; the rest is NFC. Cleaning twice changes nothing more.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text  # nearly every text: control signs, line ends, halves and noncharacters do not print
    if _SURROGATE.search(text):
        # Halves that belong together (text that came through UTF-16) become one character, lone ones go.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


@lru_cache(maxsize=4096)  # a row that is imported is cleaned when it is read, checked and written
def clean_line(text: str) -> str:
    """The cleaning for fields of one line: line breaks become one blank, and no blanks at either end."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip()  # nearly every text, as in `clean`; and line breaks do not print
    line = clean(text).strip()
    return _LINE_BREAKS.sub(" ", line).strip() if "\n" in line else line


def full_to_half(text: str) -> str:
    """A number or code in half width and without any blanks (１１０ １２ -> 11012)."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", text).split())


def digits(text: str) -> str:
    """Only the digits 0-9 of a phone, card or code, full-width ones included."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign in "0123456789")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HAN.search(text) is not None


def closed_up(text: str) -> str:
    """A Chinese name without the blanks that typists set it apart with (李  明 -> 李明); other names keep theirs."""
    parts = text.split()
    return "".join(parts) if len(parts) > 1 and all(_HAN.match(sign) for sign in "".join(parts)) else text


def spaced(text: str) -> str:
    """The form that is indexed and searched: NFKC, lower case, each Chinese character a word of its own.

    The same function makes the index and the query, so any one or two characters are found
    (残疾2级 -> 残 疾 2 级).
    """
    flat = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return " ".join(_HAN.sub(lambda match: f" {match[0]} ", flat).split())
