"""一人一档: the card of a person; that of a minor puts guardian and school first."""

from __future__ import annotations

from datetime import date

from stationdesk.core.fields import Key
from stationdesk.services.cards.plan import COMPANY, GROWN_UP, MINOR, PERSON
from stationdesk.services.cards.reading import NAME, Home, Words, cut
from stationdesk.services.cards.tables import (
    LONG,
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
from stationdesk.services.ledgers.clients import is_minor
from stationdesk.sheets.leaves import Block, Fact, Facts, Leaf


def person_card(
    home: Home, person: Key, words: Words, foot: str, station: str, *, today: date, listed: bool
) -> Leaf:
    """The card of one person of a household.

    `listed` says that the person carries a category of minors, which counts where no age is known.
    """
    row = next(each for each in home.people if each.key == person)
    own = home.of(person)
    values = row.values
    name = cut(values["name"], NAME)
    minor = is_minor(values["birth_date"], values["age_told"], today, listed=listed)
    facts = field_blocks("person", MINOR if minor else PERSON, row, words, GROWN_UP if minor else frozenset())
    consent = facts.pop("同意", Facts("", ())).facts
    others = [each for each in home.people if each.key != person]
    last = facts.pop("其他情况", None)
    first, *rest = facts.values()
    address = cut(home.row.values["address"] or "", LONG)
    first = Facts(first.title, (*first.facts, Fact("居住地址", address, wide=True)), first.across)
    blocks: list[Block | None] = [
        first,
        *rest,
        category_rows("对象类别与享受救助", own, words, named=False),
        people_rows("同住家人", COMPANY, others, words) if others else None,
        need_rows(own, words, named=False, title="主要困难与需求"),
        last,
        visit_rows(own, words),
        match_rows(own, words),
        signing(consent),
    ]
    return Leaf(
        "一人一档登记卡（未成年人）" if minor else "一人一档登记卡",
        f"{values['code']} {name}",
        (
            f"档案号：{values['code']}",
            f"姓名：{name}",
            f"建档单位：{station}",
            *kept_back_words(home),
        ),
        numbered(blocks),
        foot,
        "内部资料",
    )
