"""Long lists in little room."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from stationdesk.core.changes import Change, ChangeSet, LongChanges
from stationdesk.core.fields import Key
from stationdesk.core.packed import Packed, PackedMap
from stationdesk.core.vocab import Sex


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 9])
def test_a_packed_list_reads_as_the_plain_one(count: int) -> None:
    plain = [(number, f"第 {number} 行", None, date(2026, 1, 1), Decimal("1.50")) for number in range(count)]
    packed = Packed(plain, piece=4)
    assert len(packed) == count
    assert list(packed) == plain
    assert [packed[at] for at in range(count)] == plain
    assert [packed[at - count] for at in reversed(range(count))] == plain[::-1]
    assert packed[1:7:2] == tuple(plain[1:7:2])
    assert list(packed.after(3)) == plain[3:]
    assert packed == plain
    assert tuple(plain) == packed


def test_a_place_behind_the_end_is_refused() -> None:
    with pytest.raises(IndexError):
        Packed([1, 2, 3], piece=2)[3]


def test_lists_that_differ_in_one_item_are_not_equal() -> None:
    assert Packed([1, 2, 3], piece=2) != [1, 2, 4]
    assert Packed([1, 2, 3], piece=2) != [1, 2]


def test_a_packed_mapping_finds_its_values() -> None:
    found: PackedMap[str, int] = PackedMap()
    for number in range(1200):
        found.put(f"{number}", number)
    assert (found["0"], found["777"], found["1199"], len(found)) == (0, 777, 1199, 1200)
    assert "1200" not in found
    assert list(found)[:2] == ["0", "1"]


def test_many_changes_come_out_as_they_went_in_and_know_their_kinds() -> None:
    changes = [
        Change("person", Key(f"{number:032x}"), None, {"sex": Sex.FEMALE, "groups": frozenset({"a"})})
        for number in range(1100)
    ]
    long = LongChanges()
    long.extend(changes)
    outcome = ChangeSet(Key("b"), "导入", long)
    assert outcome.changes == changes
    assert outcome.records == {"person"}
    assert outcome.keys("person")[1099] == changes[1099].key
    assert outcome.keys("household") == ()
    assert outcome
