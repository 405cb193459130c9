"""走访单: what is due in a household, what the station lacks of it, and room for what is told there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.datum import distance_m
from stationdesk.core.fields import Field, Kind, Place
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS, CodeRow, Station, Village
from stationdesk.db.slots import SLOTS
from stationdesk.services.cards.reading import NAME, Home, Words, cut
from stationdesk.services.cards.tables import fact_of, kept_back_words, numbered
from stationdesk.services.ledgers.clients import is_minor
from stationdesk.services.listing import Row
from stationdesk.services.scopes import COMPLETED
from stationdesk.sheets.columns import FromField
from stationdesk.sheets.leaves import Blank, Block, Fact, Facts, Head, Leaf, Rows, Signing, Writing
from stationdesk.sheets.ledgers.roster import ROSTER

_IN_HEAD = frozenset({"code", "head"})
_KNOWN_HERE = frozenset({"code", "household_key", "village"})
"""What a slip does not say again: it is the slip of this household."""
_ONLY_SOMETIMES = frozenset({"note", "opened_on", "disability_kinds", "disability_grade", "aid", "residence"})
"""Columns of the roster that are rightly empty for most people."""
_OF_GROWN_UPS = frozenset({"self_care"})
_MOST_PEOPLE = 8
_MOST_NEEDS = 5
_MOST_MATCHES = 4
_MOST_MISSING = 6
_MOST_OPTIONS = 12
_MOST_BESIDE = 3
_MOST_COLUMNS = 5
_TOLD = 70
_LINES = 2
_NEAR = 30.0  # metres: a house that stands where the village's own point is


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the station and its villages are, and the options of lists, for the slips of one print."""

    station: tuple[float, float] | None
    villages: Mapping[str, tuple[float, float]]
    options: Mapping[str, tuple[str, ...]]


def ground_of(session: Session) -> Ground:
    """What all slips need."""
    station = session.execute(select(Station.latitude, Station.longitude)).first()
    villages = session.execute(select(Village.key, Village.latitude, Village.longitude))
    lists = {each.spec.codes for record in ("household", "person", "visit") for each in _told(record)} - {""}
    rows = session.execute(
        select(CodeRow.list, CodeRow.label)
        .where(CodeRow.list.in_(lists), CodeRow.hidden.is_(False))
        .order_by(CodeRow.position, CodeRow.key)
    )
    options: dict[str, tuple[str, ...]] = {}
    for row in rows:
        options[row.list] = (*options.get(row.list, ()), row.label)
    here = None if station is None or station.latitude is None else (station.latitude, station.longitude)
    known = {
        row.key: (row.latitude, row.longitude)
        for row in villages
        if row.latitude is not None and row.longitude is not None
    }
    return Ground(here, known, options)


def visit_slip(home: Home, words: Words, foot: str, ground: Ground, today: date) -> Leaf:
    """The slip of a household."""
    values = home.row.values
    head = cut(str(values.get("head") or ""), NAME)
    blocks: list[Block | None] = [
        Facts("", tuple(_facts(home, words, ground))),
        *_people(home, words),
        Rows("这次要办的", _DUE_HEADS, tuple(_due(home, words, today)), "没有到期的事", tall=False),
        _missing(home, today),
        Writing("走访记录", tuple(_written(home, words, ground))),
        Signing("", (), ("服务对象（家属）签字：", "走访社工：")),
    ]
    return Leaf(
        "入户走访单",
        f"{values['code']} {head}".strip(),
        (f"户编号：{values['code']}", f"户主：{head}", *kept_back_words(home)),
        numbered(blocks),
        foot,
        "内部资料",
        numbered=False,
    )


def _told(record: str) -> tuple[Field, ...]:
    return fields_of(RECORDS[record], Place.SLIP)


def _facts(home: Home, words: Words, ground: Ground) -> Iterable[Fact]:
    for each in _told("household"):
        if each.key not in _IN_HEAD and each.key not in SLOTS:
            fact = fact_of(each, home.row, words)
            if fact is not None:
                yield fact
    phones = dict.fromkeys(
        f"{each.values['phone']}（{cut(each.values['name'], NAME)}）"
        for each in home.living
        if each.values["phone"]
    )
    yield Fact("电话", "、".join([*phones][:3]), wide=True)
    way = way_words(home.row, ground, words)
    if way:
        yield Fact("怎么走", way, wide=True)


def way_words(home: Row, ground: Ground, words: Words) -> str:
    """How far a house is and in which direction, as the crow flies; empty where its place is not known."""
    latitude, longitude = home.values["latitude"], home.values["longitude"]
    if latitude is None or longitude is None:
        return ""
    here = (latitude, longitude)
    village = home.values["village_key"]
    marks = [(f"{words.book.title('village', village)}村委会", ground.villages.get(village or ""))]
    marks.append(("社工站", ground.station))
    told = [f"在{name}{_direction(place, here)}" for name, place in marks if place is not None]
    return "；".join(told) + "（直线）" if told else ""


def _direction(start: tuple[float, float], end: tuple[float, float]) -> str:
    metres = distance_m(start, end)
    if metres < _NEAR:
        return "旁边"
    north = end[0] - start[0]
    east = (end[1] - start[1]) * math.cos(math.radians(start[0]))
    eighth = round(math.degrees(math.atan2(east, north)) / 45) % 8
    way = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")[eighth]
    far = f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{round(metres / 10) * 10} 米"
    return f"{way}面约 {far}"


def _people(home: Home, words: Words) -> Iterable[Rows]:
    """Who lives there, and what the station asks of each in fields of its own: one table as long as that has room."""
    told = [each for each in _told("person") if each.key not in _KNOWN_HERE]
    known = [each for each in told if each.key not in SLOTS]
    own = [each for each in told if each.key in SLOTS]
    if len(own) <= _MOST_BESIDE:
        yield _people_table("家里人", [*known, *own], home, words, tall=bool(own))
        return
    yield _people_table("家里人", known, home, words)
    name = [each for each in known if each.key in RECORDS["person"].__title__]
    for start in range(0, len(own), _MOST_COLUMNS):
        some = own[start : start + _MOST_COLUMNS]
        yield _people_table("每人要问的", [*name, *some], home, words, tall=True)


def _people_table(title: str, told: Sequence[Field], home: Home, words: Words, *, tall: bool = False) -> Rows:
    heads = tuple(Head(_asked(each) if each.key in SLOTS else each.label, _share(each)) for each in told)
    people = home.living
    rows = tuple(
        tuple(cut(words.of(each, row.values.get(each.key)), _TOLD) for each in told)
        for row in people[:_MOST_PEOPLE]
    )
    more = f"另有 {len(people) - _MOST_PEOPLE} 人" if len(people) > _MOST_PEOPLE else ""
    return Rows(title, heads, rows, "没有登记成员", more, tall)


def _share(told: Field) -> float:
    """The share of the width: a phone number is never broken, a field to write in has room for a word or two."""
    if told.spec.kind is Kind.PHONE:
        return 9.5
    if told.key in SLOTS:
        return min(max(told.spec.width, 6), 8)
    return min(max(told.spec.width, 4), 11)


def _asked(told: Field) -> str:
    return f"{told.label}（{told.spec.unit}）" if told.spec.unit else told.label


_DUE_HEADS = (Head("", 5, middle=True), Head("事项", 36), Head("这次怎样", 17))


def _due(home: Home, words: Words, today: date) -> Iterable[tuple[str, ...]]:
    yield ("走访", _visit_words(home, words, today), "□ 走访了  □ 另约")
    needs, matches = home.open_needs, [each for each in home.matches if each.key in home.unfinished]
    for row in needs[:_MOST_NEEDS]:
        what = _said("need", ("item", "person_key"), row, words)
        yield ("需求", cut(f"{what}{_more(row.values['description'])}", _TOLD * 2), "□ 还需要  □ 不用了")
    for row in matches[:_MOST_MATCHES]:
        what = _said("match", ("need_key", "resource_key"), row, words)
        yield ("对接", cut(what, _TOLD * 2), "□ 到位  □ 没到位\n□ 满意  □ 不满意")
    over = max(len(needs) - _MOST_NEEDS, 0) + max(len(matches) - _MOST_MATCHES, 0)
    if over:
        yield ("", f"另有 {over} 项，见系统", "")


def _more(description: object) -> str:
    return f"：{cut(str(description), _TOLD)}" if description else ""


def _said(record: str, first: tuple[str, ...], row: Row, words: Words) -> str:
    """A record in words: what it is, then whatever else of it stands on slips."""
    told = {each.key: each for each in _told(record)}
    named = (told[name] for name in first if name in told)
    rest = (
        each
        for key, each in told.items()
        if key not in first and key not in {"code", "result"} and not each.spec.link
    )
    more = "，".join(
        f"{each.label}：{text}" for each in rest if (text := words.of(each, row.values.get(each.key)))
    )
    what = words.join(named, row, between=" ← " if record == "match" else "，")
    return f"{what}（{more}）" if more else what


def _visit_words(home: Home, words: Words, today: date) -> str:
    due = home.row.values.get("next_visit")
    parts = []
    if due is None:
        parts.append("没有定跟进级别")
    else:
        late = (today - due).days
        parts.append(f"应于 {due} 走访" + (f"，已过 {late} 天" if late > 0 else ""))
    told = {each.key: each for each in fields_of(RECORDS["visit"])}
    if home.visits:
        last = home.visits[0]
        parts.append(f"上次 {words.join((told['visited_on'], told['outcome']), last, between=' ')}")
        if last.values["outcome"] not in COMPLETED:
            missed = sum(1 for _each in _until_met(home.visits))
            parts.append(f"连着 {missed} 次没见到")
        if last.values["advice"]:
            parts.append(f"上次的跟进建议：{cut(str(last.values['advice']), _TOLD)}")
    else:
        parts.append("还没有走访过")
    return "；".join(parts)


def _until_met(visits: Sequence[Row]) -> Iterable[Row]:
    for each in visits:
        if each.values["outcome"] in COMPLETED:
            return
        yield each


def _missing(home: Home, today: date) -> Writing | None:
    """What the roster has columns for and nothing stands in, in the order of its columns; it is asked on the way."""
    told = {each.name: each for record in ("household", "person") for each in _typed(record)}
    names = (each.name for each in ROSTER.columns if isinstance(each, FromField))
    blanks: list[Blank] = []
    for each in (told[name] for name in names if name in told):
        of_household = each.record == "household"
        for row in [home.row] if of_household else home.living:
            whose = "" if of_household else f"{cut(row.values['name'], NAME)} "
            if not _is_known(each, row, today):
                blanks.append(Blank(f"{whose}{each.label}"))
            elif each.spec.kind is Kind.ID_NUMBER and row.values["id_doubtful"]:
                blanks.append(Blank(f"{whose}{each.label}待核，看原件"))
    if home.row.values["latitude"] is None:
        blanks.append(Blank("家的位置还没有标在图上"))
    if not blanks:
        return None
    more = len(blanks) - _MOST_MISSING
    words = f"缺的信息，顺便问（另缺 {more} 项，见系统）" if more > 0 else "缺的信息，顺便问"
    return Writing(words, tuple(blanks[:_MOST_MISSING]))


def _typed(record: str) -> Iterable[Field]:
    for each in fields_of(RECORDS[record], Place.FORM):
        if each.key not in _ONLY_SOMETIMES and each.spec.link != "worker":
            yield each


def _is_known(told: Field, row: Row, today: date) -> bool:
    if row.values.get(told.key) not in (None, "", frozenset()):
        return True
    # Nobody misses the number of a child.
    return (told.spec.kind is Kind.PHONE or told.key in _OF_GROWN_UPS) and is_minor(
        row.values.get("birth_date"), row.values.get("age_told"), today, listed=False
    )


def _written(home: Home, words: Words, ground: Ground) -> Iterable[Blank]:
    own = [each for each in _told("household") if each.key in SLOTS]
    blanks = [_blank(each, home, ground) for each in _told("visit") if each.key not in _KNOWN_HERE]
    blanks += [_blank(each, home, ground, words.of(each, home.row.values.get(each.key))) for each in own]
    # Short ones first, so that they stand beside each other; then what is ticked; then what takes lines.
    return sorted(blanks, key=lambda each: (each.lines > 0, bool(each.options), not each.short))


def _blank(told: Field, home: Home, ground: Ground, known: str = "") -> Blank:
    label = _asked(told)
    known = cut(known, _TOLD)
    if told.spec.link == "person":
        names = tuple(cut(each.values["name"], NAME) for each in home.living[:_MOST_PEOPLE])
        return Blank(label, (*names, "其他"), known=known)
    if told.type is bool:
        return Blank(label, ("是", "否"), known=known)
    if issubclass(told.type, Enum):
        return Blank(label, tuple(str(getattr(each, "label", each.value)) for each in told.type), known=known)
    options = ground.options.get(told.spec.codes, ()) if told.spec.codes else ()
    if options and len(options) <= _MOST_OPTIONS:
        return Blank(label, options, known=known)
    lines = _LINES if told.spec.kind is Kind.TEXT else 0
    return Blank(label, lines=lines, known=known, short=not (lines or known or told.spec.page))
