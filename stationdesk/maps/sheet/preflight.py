"""What a hand-out is looked through for before it is given out, as far as the sheet itself tells it.

What only the station knows (consents, minors, days of checking) is looked up in `services.preflight`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.maps.basemaps.boundaries import names_high_boundary
from stationdesk.maps.sheet.check import is_plausible_phone, plain
from stationdesk.maps.sheet.spec import Backdrop, Entry, SheetSpec

INTERNAL = "internal"
"""The rule that no map of the people served passes."""
_NAMED = 8
"""So many names are listed in a sentence."""
_STATION = (("station", ""),)
"""What a finding opens that is about the station itself; there is only one."""


class Level(StrEnum):
    """What a finding means: the sheet must not be given out, somebody should look, or it is told."""

    STOP = "stop"
    WARN = "warn"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for and what came of it.

    `codes` are the numbers of the resources it is about, `records` other records as (kind, key). A finding that is
    `answerable` may be wrong: somebody can say why, and answer for it.
    """

    rule: str
    level: Level
    sentence: str
    count: int = 0
    codes: tuple[str, ...] = ()
    records: tuple[tuple[str, str], ...] = ()
    answerable: bool = False


# Entries, names, phones


class Shown(Protocol):
    """What is asked of a sheet as it was laid out, or of many of them in one book."""

    @property
    def spec(self) -> SheetSpec:
        """What it was to show."""

    @property
    def drawn(self) -> tuple[Entry, ...]:
        """The entries that stand on a map."""

    @property
    def far(self) -> tuple[Entry, ...]:
        """The entries with a place that are only listed, and told as that."""

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The names of the ground that found no room."""


def entry_findings(layout: Shown) -> Iterator[Finding]:
    """Every entry of the index is drawn, or told why not."""
    entries, drawn = layout.spec.entries, {each.code for each in layout.drawn}
    far = [each.code for each in layout.far]
    lost = [each.code for each in entries if each.map_class.on_map and not each.is_placed]
    lists = [each.code for each in entries if not each.map_class.on_map and each.is_resource]
    named_only = {each.code for each in entries if not each.is_numbered}
    unexplained = [
        each.code for each in entries if each.code not in {*drawn, *far, *lost, *lists, *named_only}
    ]
    if unexplained:
        words = _("{count} 项有位置却没有画在图上：{names}")
        yield _finding("drawn", Level.STOP, words, unexplained)
    else:
        left = far or lost or lists
        words = (
            _("索引 {count} 项，图上画了 {drawn} 项，其余都说明了原因")
            if left
            else _("索引 {count} 项，图上都有")
        )
        yield Finding("drawn", Level.TOLD, words.format(count=len(entries), drawn=len(drawn)), len(drawn))
    if lost:
        yield _finding("placeless", Level.WARN, _("{count} 项没有位置，只列在索引里：{names}"), lost)
    if far:
        yield _finding("far", Level.WARN, _("{count} 项离得太远或图上放不下，只列在索引里：{names}"), far)
    if lists:
        words = _("{count} 项是政策或经费，没有地点，只列在索引里：{names}")
        yield _finding("listed", Level.TOLD, words, lists)
    if dropped := layout.unnamed:
        words = _("{count} 个地名在图上放不下（太挤，或只露出一角），没有标出：{names}")
        yield Finding(
            "labels", Level.WARN, words.format(count=len(dropped), names=named(dropped)), len(dropped)
        )


def internal_findings(spec: SheetSpec) -> Iterator[Finding]:
    """A map of the people served is never given out, whatever else is right with it."""
    if not spec.kind.is_given_out:
        words = _("{kind}是内部资料：不发放、不张贴、不外传").format(kind=_(spec.kind.label))
        yield Finding(INTERNAL, Level.STOP, words, len(spec.entries))


def phone_findings(spec: SheetSpec) -> Iterator[Finding]:
    """Every phone number could be dialled."""
    wrong = [each for each in spec.entries if each.phone and not is_plausible_phone(each.phone)]
    if wrong:
        listed = named([f"{each.code}“{clean_line(each.phone)}”" for each in wrong])
        words = _("{count} 个电话不像能打通的号码：{names}").format(count=len(wrong), names=listed)
        yield Finding("phone", Level.STOP, words, len(wrong), tuple(each.code for each in wrong))
    around = [line.number for line in spec.hotlines if not is_plausible_phone(line.number)]
    if spec.phone and not is_plausible_phone(spec.phone):
        around.append(spec.phone)
    if around:
        words = _("社工站电话或求助电话不像能打通的号码：{names}").format(names=named(around))
        yield Finding("hotline", Level.STOP, words, len(around), records=_STATION)
    if not wrong and not around:
        count = sum(1 for each in spec.entries if each.phone)
        words = _("{count} 个电话的格式都对").format(count=count)
        yield Finding("phone", Level.TOLD, words, count)
    if not spec.phone:
        words = _("没有填社工站电话：居民看到图有错，不知道打给谁。请到设置里填写")
        yield Finding("station_phone", Level.WARN, words, records=_STATION)


def word_findings(spec: SheetSpec, words: Iterable[str]) -> Iterator[Finding]:
    """Names that hold one of the words which a map for the public should not show."""
    wanted = [each for each in words if each]
    if not wanted:
        return
    pattern = re.compile("|".join(re.escape(each) for each in sorted(wanted, key=len, reverse=True)))
    met = [each for each in spec.entries if pattern.search(f"{each.name} {each.offer}")]
    codes = [each.code for each in met if each.is_resource]
    drawn = sorted(
        {each.name for each in spec.features if pattern.search(each.name)}
        | {each.name for each in spec.base_shapes if pattern.search(each.name)}
        | {each.name for each in met if not each.is_resource}
    )
    if codes or drawn:
        names = [f"{each.code} {each.name}" for each in met if each.is_resource] + drawn
        said = _("{count} 个名称里有公开地图上要留意的字眼，请核对后再发放：{names}")
        yield Finding(
            "words",
            Level.WARN,
            said.format(count=len(names), names=named(names)),
            len(names),
            tuple(codes),
            tuple(("feature", name) for name in drawn),
        )


def glyph_findings(spec: SheetSpec, missing: frozenset[str]) -> Iterator[Finding]:
    """No sign was printed as an empty box; known only once a sheet was printed."""
    if not missing:
        yield Finding("glyphs", Level.TOLD, _("每个字都有字形，都印出来了"))
        return
    met = [
        each
        for each in spec.entries
        if any(
            missing & set(plain(text))
            for text in (each.name, each.offer, each.hours, each.contact, each.address, each.way)
        )
    ]
    codes = [each.code for each in met if each.is_resource]
    drawn = [each.name for each in met if not each.is_resource]
    drawn += [each.name for each in spec.features if missing & set(plain(each.name))]
    names = [*codes, *(f"“{name}”" for name in drawn)]
    said = _("{count} 处有这台电脑没有字形的字，印成了“〓”，请换个写法：{names}")
    yield Finding(
        "glyphs",
        Level.STOP,
        said.format(count=max(1, len(names)), names=named(names) or _("图名、地名或社工站资料")),
        max(1, len(names)),
        tuple(codes),
        tuple(("feature", name) for name in drawn),
    )


# Boundaries


def boundary_findings(spec: SheetSpec) -> Iterator[Finding]:
    """No boundary of a county or above: neither drawn by the station nor, as far as it can be seen, in a base map."""
    drawn = sorted(
        {each.name for each in spec.features if names_high_boundary(each.name)}
        | {each.name for each in spec.entries if not each.is_resource and names_high_boundary(each.name)}
    )
    shapes = spec.base_shapes
    under = sorted({each.name for each in shapes if names_high_boundary(each.name)})
    if drawn or under:
        said = _("图上有县级以上界线，未经审核不能发放，请从图上去掉：{names}")
        yield Finding(
            "boundary",
            Level.STOP,
            said.format(names=named([*drawn, *under])),
            len(drawn) + len(under),
            records=tuple(("feature", name) for name in drawn),
        )
    elif shapes:
        yield Finding("boundary", Level.TOLD, _("没有画县级以上界线，底图里的也没有画"))
    else:
        yield Finding("boundary", Level.TOLD, _("没有画县级以上界线"))
    yield from _picture_findings(spec.backdrop, spec.review_number)


def _picture_findings(backdrop: Backdrop | None, review_number: str) -> Iterator[Finding]:
    if backdrop is None or not backdrop.pictures:
        return
    number = backdrop.review_number or review_number
    if number:
        words = _("底图是图片，印上了审图号 {number}").format(number=number)
        yield Finding("picture", Level.TOLD, words)
    else:
        words = _(
            "底图是图片，程序看不出上面画了什么，也没有审图号："
            "请看一遍有没有县级以上界线、军事设施，有没有手写的人名和住户"
        )
        yield Finding("picture", Level.WARN, words)


def named(names: Iterable[str]) -> str:
    """Some names for a sentence; many are cut short."""
    listed = list(names)
    return "、".join(listed[:_NAMED]) + ("……" if len(listed) > _NAMED else "")


def _finding(rule: str, level: Level, words: str, codes: list[str]) -> Finding:
    return Finding(rule, level, words.format(count=len(codes), names=named(codes)), len(codes), tuple(codes))
