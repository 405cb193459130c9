"""Signs that no font of this computer has: found in the printed file, and set as a mark instead of an empty box.

One emoji in the name of one resource must not keep a whole town from its map. What was printed is read back, so
that nothing has to be known about fonts, and the hand-out is composed once more with the mark in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from lxml import html as markup

from stationdesk.core.messages import _
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.compose import Sheet
from stationdesk.maps.sheet.proof import ProofPage, Unreadable, read_proof
from stationdesk.maps.sheet.spec import Entry, Feature, Hotline, SheetSpec

MARK = "〓"
"""What printers set where they have no type (下駄、空铅): U+3013, which every Chinese font has."""

_MOST = 8
_KEPT = frozenset({"code", "number", "phone", "map_class"})
"""What is never changed: an entry is found and called by these."""

T = TypeVar("T", SheetSpec, Entry, Feature, Hotline)


def missing_signs(path: Path, sheet: Sheet) -> frozenset[str]:
    """The signs of a composed sheet that its printed file holds as empty boxes."""
    try:
        pages = read_proof(path)
    except Unreadable:
        return frozenset()  # told by the check of the file
    return missing_in(pages, sheet.html)


def missing_in(pages: Sequence[ProofPage], html: str) -> frozenset[str]:
    """The same of pages that were read already, and the document that they were printed from."""
    if not any(page.boxes for page in pages):
        return frozenset()
    body = markup.document_fromstring(html).find("body")
    composed = "".join(str(part) for part in body.itertext()) if body is not None else ""
    printed = frozenset(plain("".join(page.text for page in pages)))
    doubtful = frozenset(plain("".join(sign for page in pages for sign in page.doubtful)))
    return (frozenset(plain(composed)) - printed) | doubtful


def with_marks(spec: SheetSpec, missing: frozenset[str]) -> SheetSpec:
    """The same hand-out with the mark for each sign that is missing; a missing accent is left out."""

    def marked(text: str) -> str:
        return "".join(_set(sign) if missing & set(plain(sign)) else sign for sign in text)

    return replace(
        _with_texts(spec, marked),
        entries=tuple(_with_texts(each, marked) for each in spec.entries),
        features=tuple(_with_texts(each, marked) for each in spec.features),
        hotlines=tuple(_with_texts(each, marked) for each in spec.hotlines),
    )


def _set(sign: str) -> str:
    return "" if unicodedata.category(sign).startswith("M") else MARK


def _with_texts(thing: T, change: Callable[[str], str]) -> T:
    texts: dict[str, Any] = {
        each.name: change(value)
        for each in fields(thing)
        if each.name not in _KEPT and type(value := getattr(thing, each.name)) is str
    }
    return replace(thing, **texts)


def warning_of(spec: SheetSpec, missing: frozenset[str]) -> str:
    """Which words now hold the mark, for the worker to put otherwise."""
    named = list(dict.fromkeys(_named(spec, missing)))
    listed = "、".join(named[:_MOST]) + ("……" if len(named) > _MOST else "")
    return _("这台电脑没有这些字的字形，印成了“{mark}”，请换个写法再印：{where}").format(
        mark=MARK, where=listed or _("图名、地名或社工站资料")
    )


def _named(spec: SheetSpec, missing: frozenset[str]) -> Iterator[str]:
    for entry in spec.entries:
        texts = (entry.name, entry.offer, entry.hours, entry.contact, entry.address)
        if any(missing & set(plain(text)) for text in texts):
            yield entry.code
    for feature in spec.features:
        if missing & set(plain(feature.name)):
            yield f"“{feature.name}”"
