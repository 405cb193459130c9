"""How the 1,100 people of the practice town live together: kinds of household, and who belongs to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stationdesk.services.practice.dice import Dice

HOUSEHOLDS, PEOPLE = 400, 1100


class Kind(StrEnum):
    """Kinds of household that a rural station meets."""

    OLD_COUPLE = "old_couple"
    OLD_ALONE = "old_alone"
    GRANDPARENTS = "grandparents"
    THREE = "three"
    CORE = "core"
    SINGLE = "single"
    LONER = "loner"
    DISABLED = "disabled"
    COUPLE = "couple"


@dataclass(slots=True)
class Member:
    """One person as the family tells it; `line` bears the head's surname, `away` works elsewhere."""

    relation: str
    man: bool
    age: int
    line: bool = True
    away: bool = False
    marital: str = "20"
    groups: dict[str, date | None] = field(default_factory=dict)
    disability: tuple[str, str] | None = None
    ills: set[str] = field(default_factory=set)


_NUMBERS = {
    Kind.OLD_COUPLE: 78,
    Kind.OLD_ALONE: 58,
    Kind.GRANDPARENTS: 60,
    Kind.THREE: 60,
    Kind.CORE: 66,
    Kind.SINGLE: 16,
    Kind.LONER: 22,
    Kind.DISABLED: 22,
    Kind.COUPLE: 18,
}
_SIZES = {
    Kind.OLD_COUPLE: (2, 2),
    Kind.OLD_ALONE: (1, 1),
    Kind.GRANDPARENTS: (2, 5),
    Kind.THREE: (4, 7),
    Kind.CORE: (3, 5),
    Kind.SINGLE: (2, 3),
    Kind.LONER: (1, 1),
    Kind.DISABLED: (2, 4),
    Kind.COUPLE: (2, 2),
}


def families(dice: Dice) -> Iterator[tuple[Kind, list[Member]]]:
    """Every household: its kind and its people, the head first; 400 households of 1,100 people in all."""
    kinds = dice.mixed([kind for kind, count in _NUMBERS.items() for _ in range(count)])
    sizes = [dice.whole(*_SIZES[kind]) for kind in kinds]
    while (missing := PEOPLE - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        place = dice.whole(0, len(kinds) - 1)
        low, high = _SIZES[kinds[place]]
        if low <= sizes[place] + step <= high:
            sizes[place] += step
    for kind, size in zip(kinds, sizes, strict=True):
        yield kind, _MAKERS[kind](dice, size)


def _old_couple(dice: Dice, _size: int) -> list[Member]:
    age = dice.whole(61, 86)
    return [Member("02", True, age), Member("12", False, age - dice.whole(-2, 5), line=False)]


def _old_alone(dice: Dice, _size: int) -> list[Member]:
    man = dice.chance(0.38)
    return [Member("02", man, dice.whole(63, 93), marital="30")]


def _grandparents(dice: Dice, size: int) -> list[Member]:
    man = dice.chance(0.72)
    age = dice.whole(56, 76)
    both = size > 2 and dice.chance(0.75)
    home = [Member("02", man, age, line=man, marital="20" if both else "30")]
    if both:
        home.append(
            Member("12" if man else "11", not man, age - (dice.whole(0, 4) if man else -2), line=not man)
        )
    parent = dice.whole(27, min(45, age - 20))
    if size - len(home) > 2:
        home.append(Member("20", True, parent, away=True))
        if size - len(home) > 2 and dice.chance(0.6):
            home.append(Member("38", False, max(22, parent - 2), line=False, away=True))
    return home + _children(dice, size - len(home), parent, ("41", "42"))


def _three(dice: Dice, size: int) -> list[Member]:
    age = dice.whole(31, 50)
    home = [
        Member("02", True, age, away=dice.chance(0.3)),
        Member("12", False, age - dice.whole(0, 4), line=False),
    ]
    old = age + dice.whole(22, 28)
    home.append(Member("52", False, old, line=False, marital="30"))
    if size > 4 and dice.chance(0.6):
        home[-1].marital = "20"
        home.append(Member("51", True, old + dice.whole(0, 3)))
    return home + _children(dice, size - len(home), age - 2, ("20", "30"))


def _core(dice: Dice, size: int) -> list[Member]:
    age = dice.whole(28, 52)
    home = [
        Member("02", True, age, away=dice.chance(0.35)),
        Member("12", False, age - dice.whole(0, 5), line=False),
    ]
    return home + _children(dice, size - 2, age - 4, ("20", "30"))


def _single(dice: Dice, size: int) -> list[Member]:
    man = dice.chance(0.35)
    age = dice.whole(29, 48)
    marital = "40" if dice.chance(0.6) else "30"
    return [
        Member("02", man, age, line=man, marital=marital),
        *_children(dice, size - 1, age - 3, ("20", "30")),
    ]


def _loner(dice: Dice, _size: int) -> list[Member]:
    return [Member("02", True, dice.whole(47, 79), marital="10")]


def _disabled(dice: Dice, size: int) -> list[Member]:
    """Old parents and a grown child who cannot look after himself; perhaps a spouse or a grandchild."""
    age = dice.whole(58, 74)
    child = Member("20" if dice.chance(0.6) else "30", True, age - dice.whole(22, 28), marital="10")
    child.man = child.relation == "20"
    child.disability = (dice.pick("44567"), dice.pick("1122"))
    home = [Member("02", True, age), child]
    if size > 2:
        home.insert(1, Member("12", False, age - dice.whole(0, 4), line=False))
    return home + _children(dice, size - len(home), 34, ("41", "42"))


def _couple(dice: Dice, _size: int) -> list[Member]:
    age = dice.whole(42, 60)
    return [Member("02", True, age), Member("12", False, age - dice.whole(0, 4), line=False)]


def _children(dice: Dice, count: int, parent: int, relations: tuple[str, str]) -> list[Member]:
    """Children of a parent of some age, the eldest first; called eldest and second where there are several."""
    ages = sorted((dice.whole(1, max(2, min(22, parent - 20))) for _ in range(count)), reverse=True)
    children = []
    for age in ages:
        man = dice.chance(0.54)
        child = Member(relations[0] if man else relations[1], man, age, marital="10")
        child.away = age > 17 and dice.chance(0.5)
        children.append(child)
    if relations == ("20", "30"):
        for first, second, man in (("22", "23", True), ("32", "33", False)):
            same = [child for child in children if child.man is man]
            for child, relation in zip(same, (first, second), strict=False):
                child.relation = relation
    return children


_MAKERS: dict[Kind, Callable[[Dice, int], list[Member]]] = {
    Kind.OLD_COUPLE: _old_couple,
    Kind.OLD_ALONE: _old_alone,
    Kind.GRANDPARENTS: _grandparents,
    Kind.THREE: _three,
    Kind.CORE: _core,
    Kind.SINGLE: _single,
    Kind.LONER: _loner,
    Kind.DISABLED: _disabled,
    Kind.COUPLE: _couple,
}
