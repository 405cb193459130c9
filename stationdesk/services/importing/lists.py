"""What names in a file may point to: codes of the lists, villages, groups, workers, organisations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.text import clean_line
from stationdesk.core.vocab.lists import seeds
from stationdesk.db.models import CodeRow, Organisation, Village, VillageGroup, Worker
from stationdesk.sheets.reading.choosing import Codes

_NOISE = re.compile(r"[\s,，.。、;；:：\-—_·•'\"“”‘’]+")
_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_COMMITTEE = re.compile(r"(社区)?(村民|居民)委员会$|(?<=.)[村居]委会?$|社区居委会$")


@lru_cache(maxsize=4096)  # a row is compared by its name and address in several ways
def folded(text: str | None) -> str:
    """A name or address as it is compared: half width, lower case, without blanks and stops."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", clean_line(text or "")).lower())


def bare(text: str | None) -> str:
    """A name without what stands in brackets: 长虹医院(暂停营业) and 长虹医院 may be the same."""
    return folded(_BRACKETS.sub("", text or "")) or folded(text)


class StationCodes(Codes):
    """The editable lists of the station, with the words that other people's workbooks use for them."""

    def __init__(self, session: Session) -> None:
        self._labels: dict[str, dict[str, str]] = {}
        query = select(CodeRow.list, CodeRow.code, CodeRow.label).order_by(CodeRow.position, CodeRow.code)
        for row in session.execute(query):
            self._labels.setdefault(row.list, {})[row.code] = row.label

    @override
    def codes_of(self, codes: str) -> Mapping[str, str]:
        return self._labels.get(codes, {})

    @override
    def aliases_of(self, codes: str) -> Mapping[str, str]:
        return _aliases().get(codes, {})


@cache
def _aliases() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for seed in seeds():
        for alias in seed.aliases:
            found.setdefault(seed.list_name, {})[alias] = seed.code
    return found


class Links:
    """Finds the record that a name in a cell means; a name that two records bear means neither."""

    def __init__(self, session: Session) -> None:
        self._villages: dict[str, Key | None] = {}
        self.village_names: dict[Key, str] = {}
        for village in session.execute(select(Village.key, Village.code, Village.name)):
            self.village_names[village.key] = village.name
            for name in {*_village_names(village.name), folded(village.code)} - {""}:
                self._villages[name] = village.key if name not in self._villages else None
        self._groups: dict[tuple[Key, str], Key] = {
            (row.village_key, folded(row.name)): row.key
            for row in session.execute(select(VillageGroup.key, VillageGroup.village_key, VillageGroup.name))
        }
        self._named: dict[str, dict[str, Key | None]] = {
            "worker": _by_name(session.execute(select(Worker.key, Worker.name)).all()),
            "organisation": _by_name(session.execute(select(Organisation.key, Organisation.name)).all()),
        }

    def find(self, link: str, text: str, village: Key | None) -> Key | None:
        """The key of the record of kind `link` that `text` names; a group is sought in its village."""
        name = folded(text)
        match link:
            case "village":
                return self.village(text)
            case "village_group":
                if village is None:
                    return None
                return next(
                    (key for each in (name, f"{name}组") if (key := self._groups.get((village, each)))), None
                )
            case _:
                return self._named.get(link, {}).get(name)

    def village(self, text: str) -> Key | None:
        """The village of this name or code."""
        return next((key for name in _village_names(text) if (key := self._villages.get(name))), None)

    def names(self) -> dict[str, frozenset[str]]:
        """All names by kind of record, as evidence for columns."""
        return {
            "village": frozenset(self.village_names.values()),
            **{link: frozenset(names) for link, names in self._named.items()},
        }


def _village_names(name: str) -> list[str]:
    """The names a village answers to: 桃花村村民委员会, 桃花村, 桃花."""
    full = folded(name)
    short = _COMMITTEE.sub("", full) or full
    stem = re.sub(r"(村|社区|屯|庄村)$", "", short)
    return list(
        dict.fromkeys(each for each in (full, short, stem if len(stem) > 1 else "", f"{stem}村") if each)
    )


def _by_name(rows: object) -> dict[str, Key | None]:
    found: dict[str, Key | None] = {}
    for key, name in rows:  # type: ignore[attr-defined]  # rows of (key, name)
        found[folded(name)] = key if folded(name) not in found else None
    return found
