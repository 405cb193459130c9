"""How characters and words are read: the dictionaries of pypinyin in little room.

Loaded as pypinyin loads them, its 47,000 words take 54 MB for as long as the program runs. Here its two files are
read once into 3 MB of text, in which a word or a character is sought. What is told is what pypinyin tells.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

_WORD = re.compile(rb'"([^"]+)"\s*:\s*\[((?:\s*\[[^\]]*\]\s*,?)+)\s*\]')
_FIRST = re.compile(rb'\[\s*"([^"]*)"')
_SIGN = re.compile(rb'"(\d+)"\s*:\s*"([^"]*)"')
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


@lru_cache(maxsize=8192)
def readings(sign: str) -> tuple[str, ...]:
    """Every reading of one character with its tone behind it (li3), the usual one first; none when it is not listed.

    A neutral tone is 5, ü is v.
    """
    signs = _signs()
    at = signs.find(sign)
    if at < 0:
        return ()
    return tuple(dict.fromkeys(map(_numbered, signs[at + 1 : signs.index("\n", at)].split(","))))


def spoken(run: str) -> list[str]:
    """One reading for each of some Chinese characters, as the longest words that they begin with are read.

    A character that no dictionary has stands for itself.
    """
    sounds: list[str] = []
    while len(sounds) < len(run):
        sounds += _next(run[len(sounds) :])
    return sounds


def _next(rest: str) -> list[str]:
    """The readings of the first word, or of the first character where no word begins."""
    length, words = _words().get(rest[0], (0, ""))
    if len(rest) > 1 and f"\n{rest[:2]}" in words:
        for end in range(min(len(rest), length), 1, -1):
            begin = words.find(f"\n{rest[:end]} ")
            if begin >= 0:
                told = words[begin + end + 2 : words.index("\n", begin + 1)]
                return [_numbered(sound) for sound in told.split()]
        if f"\n{rest}" in words:
            # The beginning of a longer word: pypinyin seeks no other words in it, and the index has it so.
            return [_usual(sign) for sign in rest]
    return [_usual(rest[0])]


def _usual(sign: str) -> str:
    return next(iter(readings(sign)), sign)


@cache
def _signs() -> str:
    """A line for each character: itself and its readings."""
    found = _SIGN.finditer(_file("pinyin_dict.json"))
    return "".join(f"{chr(int(each[1]))}{each[2].decode()}\n" for each in found)


@cache
def _words() -> dict[str, tuple[int, str]]:
    """By first character the length of the longest word, and a line for each word: itself and its readings."""
    found: dict[str, tuple[int, str]] = {}
    # Words with one first character stand together in the file, so that few are held apart meanwhile.
    for first, group in groupby(_WORD.finditer(_file("phrases_dict.json")), lambda each: each[1].decode()[0]):
        words = {each[1].decode(): b" ".join(_FIRST.findall(each[2])).decode() for each in group}
        length, before = found.get(first, (0, "\n"))
        lines = "".join(f"{word} {sounds}\n" for word, sounds in words.items())
        found[first] = max(length, *map(len, words)), before + lines
    return found


def _file(name: str) -> bytes:
    # Importing the package would load its dictionaries.
    spec = find_spec("pypinyin")
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise ModuleNotFoundError("pypinyin")
    return (Path(places[0]) / name).read_bytes()


@lru_cache(maxsize=2048)
def _numbered(sound: str) -> str:
    """The tone behind the syllable instead of above a letter: lüè is lve4."""
    tone = "5"
    plain = ""
    for sign in unicodedata.normalize("NFD", sound):
        if sign in _TONES:
            tone = _TONES[sign]
        elif sign == "\u0308":
            plain = f"{plain[:-1]}v"
        else:
            plain += sign
    return unicodedata.normalize("NFC", plain) + tone
