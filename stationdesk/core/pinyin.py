"""Pinyin of names: initials to find them by, syllables to compare how they sound, and a key to sort by.

The dictionary is loaded when it is first needed, not at the start of the program.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import lru_cache

from stationdesk.core.readings import readings, spoken
from stationdesk.core.surnames import COMPOUND_SURNAMES, SURNAME_READINGS, surname
from stationdesk.core.text import has_han

_PERSON_LENGTH = 5  # characters; anything longer is no personal name, and its words tell how it is read
_MOST_VARIANTS = 24


def initials(text: str) -> tuple[str, ...]:
    """The initials somebody may type for a name, the likeliest first: 曾长乐 -> zcl, ccl, zcy, ...

    Names of up to five characters give every sensible reading, longer texts the one their words have. Letters
    and digits stand for themselves, other signs are left out.
    """
    signs = _meaningful(text)
    by_words = _initials_of(_toned(signs, person=False))
    if len(signs) > _PERSON_LENGTH:
        return _unique([by_words])
    by_name = _initials_of(_toned(signs, person=True))
    compound = COMPOUND_SURNAMES.get(surname(signs), "").split()
    choices = [
        _unique([compound[place][0], *_initials_known(sign)])
        if place < len(compound)
        else _initials_known(sign, opens=place == 0)
        for place, sign in enumerate(signs)
    ]
    every = ("".join(letters) for letters in itertools.product(*choices))
    return _unique(itertools.chain([by_name, by_words], itertools.islice(every, _MOST_VARIANTS)))


def syllables(text: str, *, person: bool) -> str:
    """How a text sounds, without tones, to compare homophones: 李建林 and 李健林 -> "li jian lin".

    The name of a `person` has its surname read as surnames are (单 shan).
    """
    return " ".join(_plain(sound) for sound in _toned(_meaningful(text), person=person))


def sort_key(text: str, *, person: bool) -> str:
    """A key that sorts as a Chinese dictionary does: sound, tone, character; digits, letters first."""
    signs = _meaningful(text)
    sounds = _toned(signs, person=person)
    pairs = zip(sounds, signs, strict=True)
    # The tilde sorts behind all letters, so that Latin names stand before Chinese ones.
    return " ".join(f"~{sound} {sign}" if has_han(sign) else sign for sound, sign in pairs)


def _meaningful(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _initials_of(sounds: Iterable[str]) -> str:
    # A character that the dictionary lacks comes back as itself and has no initial.
    return "".join(sound[:1] for sound in sounds if not has_han(sound))


def _plain(sound: str) -> str:
    return sound.rstrip("12345") if len(sound) > 1 else sound


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


@lru_cache(maxsize=8192)
def _initials_known(sign: str, *, opens: bool = False) -> tuple[str, ...]:
    """The initials one character can have, its readings as a surname first where it opens the name."""
    as_surname = SURNAME_READINGS.get(sign, ()) if opens else ()
    return _unique(_initials_of([reading]) for reading in (*as_surname, *_readings(sign))) or ("",)


def _readings(sign: str) -> tuple[str, ...]:
    """Every reading of one character with its tone (li3), the usual one first; other signs are themselves."""
    if not has_han(sign):
        return (sign,)
    return readings(sign) or (sign,)


def _toned(signs: str, *, person: bool) -> list[str]:
    """One sound with tone for each sign, as the words in the text are read."""
    sounds = list(_toned_words(signs))
    if person and 1 < len(signs) <= _PERSON_LENGTH:
        family = surname(signs)
        spoken = COMPOUND_SURNAMES.get(family, SURNAME_READINGS.get(family, ("",))[0])
        for place, sound in enumerate(spoken.split()):
            sounds[place] = _with_tone(signs[place], sound)
    return sounds


@lru_cache(maxsize=1024)  # one name is asked for by words, as a name, and for its sound
def _toned_words(signs: str) -> tuple[str, ...]:
    sounds: list[str] = []
    for is_han, run in itertools.groupby(signs, key=has_han):
        piece = "".join(run)
        if is_han:
            sounds += spoken(piece)
        else:
            sounds += piece
    return tuple(sounds)


def _with_tone(sign: str, sound: str) -> str:
    return next((reading for reading in _readings(sign) if _plain(reading) == sound), sound)
