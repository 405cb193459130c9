"""一户一档: the card of a household."""

from __future__ import annotations

from dataclasses import replace

from stationdesk.core.fields import Place
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.services.cards.plan import HOUSEHOLD, MEMBERS, PER_MEMBER
from stationdesk.services.cards.reading import NAME, Home, Words, cut
from stationdesk.services.cards.tables import (
    category_rows,
    field_blocks,
    kept_back_words,
    match_rows,
    need_rows,
    numbered,
    people_rows,
    signing,
    visit_rows,
)
from stationdesk.sheets.leaves import Block, Fact, Facts, Leaf

_PER_MEMBER = 300


def household_card(home: Home, words: Words, foot: str, station: str) -> Leaf:
    """The card of a household, part by part; what no record of the station feeds is not on it."""
    values = home.row.values
    facts = field_blocks("household", HOUSEHOLD, home.row, words)
    head = cut(str(values.get("head") or ""), NAME)
    policies = _per_member(home, words)
    hardship = facts.get("主要困难与需求")
    blocks: list[Block | None] = [
        facts.get("户信息"),
        people_rows("成员", MEMBERS, home.people, words),
        facts.get("住房与财产"),
        facts.get("收入支出"),
        category_rows("对象类别与享受救助", home, words, named=True),
        Facts("", policies) if policies else None,
        hardship,
        replace(need_rows(home, words, named=True), title="" if hardship is not None else "主要困难与需求"),
        facts.get("可用资源与优势"),
        facts.get("其他情况"),
        visit_rows(home, words),
        match_rows(home, words),
        signing(_consents(home, words)),
    ]
    return Leaf(
        "一户一档登记卡",
        f"{values['code']} {head}".strip(),
        (
            f"户编号：{values['code']}",
            f"户主：{head}",
            f"建档单位：{station}",
            *kept_back_words(home),
        ),
        numbered(blocks),
        foot,
        "内部资料",
    )


def _per_member(home: Home, words: Words) -> tuple[Fact, ...]:
    told = {each.key: each for each in fields_of(RECORDS["person"], Place.PRINT)}
    facts = []
    for name in PER_MEMBER:
        said = [
            f"{each.values['name']}：{text}"
            for each in home.living
            if name in told and (text := words.of(told[name], each.values[name]))
        ]
        if said:
            facts.append(Fact(told[name].label, cut("；".join(said), _PER_MEMBER), wide=True))
    return tuple(facts)


def _consents(home: Home, words: Words) -> tuple[Fact, ...]:
    told = [
        each for each in fields_of(RECORDS["person"], Place.PRINT) if each.key in {"consent", "consent_on"}
    ]
    said = "；".join(f"{each.values['name']}：{words.join(told, each, between=' ')}" for each in home.living)
    return (Fact(told[0].label, said, wide=True),) if said else ()
