"""Codes and choices by their label, their code, or what other people call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Protocol

from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.outcomes import Problem, Read


class Codes(Protocol):
    """The editable lists."""

    def codes_of(self, codes: str) -> Mapping[str, str]:
        """Code to label of one list, hidden rows included."""
        ...

    def aliases_of(self, codes: str) -> Mapping[str, str]:
        """What other people's workbooks call the codes of a list: their word to our code."""
        ...


class NoCodes(Codes):
    """For fields that hold no codes."""

    @override
    def codes_of(self, codes: str) -> Mapping[str, str]:
        del codes
        return {}

    @override
    def aliases_of(self, codes: str) -> Mapping[str, str]:
        del codes
        return {}


NOTHING: Mapping[str, str] = MappingProxyType({})

_JOINTS = re.compile(r"[、,，;；/／|\n]+|\s{2,}")
_BRACKETS = re.compile(r"[（(].*?[）)]")
_INNER = re.compile(r"[（(](.*?)[）)]")
_MOST_TOLD = 8

# What forms write for the words of the closed lists; the editable lists tell theirs themselves.
_OTHER_WORDS = {
    **dict.fromkeys(("男性", "男生", "m", "male"), "男"),
    **dict.fromkeys(("女性", "女生", "f", "female"), "女"),
    **dict.fromkeys(("特急", "加急", "急", "是"), "紧急"),
    **dict.fromkeys(("普通", "不急", "否"), "一般"),
    "平急": "较急",
    **{word: f"{word}资源" for word in ("人力", "组织", "经费", "空间", "政策")},
}


def parts_of(text: str) -> list[str]:
    """The several values of one cell."""
    return [part for part in (clean_line(each) for each in _JOINTS.split(text)) if part]


def choose_member(choices: type[Enum], text: str) -> Read | Problem:
    """The member of a closed list that is meant."""
    labels = {str(member.value): str(getattr(member, "label", member.value)) for member in choices}
    code = _meant(labels, text)
    if code is None:
        title = str(getattr(choices, "caption", ""))
        return _unknown(text, labels, title)
    return Read(choices(code))


def choose_code(codes: Codes, name: str, text: str) -> Read | Problem:
    """The code of an editable list that is meant."""
    labels = codes.codes_of(name)
    code = _meant(labels, text, codes.aliases_of(name))
    return _unknown(text, labels, "") if code is None else Read(code)


def _unknown(text: str, labels: Mapping[str, str], title: str) -> Problem:
    known = "、".join(list(labels.values())[:_MOST_TOLD])
    if len(labels) > _MOST_TOLD:
        known += "……"
    if title:
        return Problem(
            _("“{text}”不是“{title}”里的一项（{known}）。").format(text=text, title=title, known=known)
        )
    return Problem(_("“{text}”不在码表里（{known}）。").format(text=text, known=known))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", clean_line(text)).lower().split())


def _meant(labels: Mapping[str, str], text: str, aliases: Mapping[str, str] = NOTHING) -> str | None:
    """The one code that can be meant: by label, code, other words, without brackets, by its beginning."""
    wanted = _folded(text)
    folded = {code: _folded(label) for code, label in labels.items()}
    if not wanted:
        return None
    for try_ in (
        wanted,
        _folded(_OTHER_WORDS.get(wanted, "")),
        _folded(_BRACKETS.sub("", text)),
        f"{wanted}族",
    ):
        if try_ and (found := _only(code for code, label in folded.items() if try_ in {label, code.lower()})):
            return found
    called = {_folded(alias): code for alias, code in aliases.items() if code in labels}
    if wanted in called:
        return called[wanted]
    short = {code: _folded(_BRACKETS.sub("", label)) for code, label in labels.items()}
    inner = {
        code: {_folded(each) for each in re.findall(r"[（(](.*?)[）)]", label)}
        for code, label in labels.items()
    }
    other = _folded(_OTHER_WORDS.get(wanted, wanted))
    return (
        _only(code for code, label in short.items() if other == label)
        or _only(code for code, words in inner.items() if wanted in words)
        or (
            _only(code for code, label in short.items() if label.startswith(other))
            if len(other) > 1
            else None
        )
        or _only(code for code, label in short.items() if len(label) > 1 and wanted.startswith(label))
    )


def _only(codes: Iterable[str]) -> str | None:
    found = list(codes)
    return found[0] if len(found) == 1 else None
