from __future__ import annotations

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Dimension, MapClass, NeedSubject, Privacy
from stationdesk.core.vocab.lists import CODE_LISTS
from stationdesk.services.book import book_of, codes_of
from stationdesk.services.codes import (
    CodeEntry,
    add_code,
    asked_of,
    entries_of,
    hide_code,
    lists_of,
    move_code,
    rename_code,
    verify_code,
)
from stationdesk.services.history import can_undo, history_of, redo, undo
from stationdesk.services.store import Store
from tests.desk_station import add


def entry(store: Store, list_name: str, code: str) -> CodeEntry:
    return next(each for each in entries_of(store, list_name) if each.code == code)


def codes(store: Store, list_name: str) -> list[str]:
    return [each.code for each in entries_of(store, list_name)]


def test_every_list_is_there_and_tells_what_nobody_has_verified(store: Store) -> None:
    told = {each.name: each for each in lists_of(store)}
    assert set(told) == set(CODE_LISTS)
    assert all(each.rows for each in told.values())
    assert told["need_item"].unverified == told["need_item"].rows
    assert told["client_group"].title == "服务对象类别"


def test_a_row_is_renamed_everywhere_and_back_again(store: Store) -> None:
    rename_code(store, entry(store, "need_item", "K2-03").key, "送药上门")
    assert book_of(store).label("need_item", "K2-03") == "送药上门"
    assert can_undo(store).why == "码表改名：送药 → 送药上门"  # type: ignore[union-attr]  # None fails the test as well
    undo(store)
    assert book_of(store).label("need_item", "K2-03") == "送药"


def test_a_name_is_given_once_in_a_list(store: Store) -> None:
    key = entry(store, "need_item", "K2-03").key
    with pytest.raises(UserError, match="已经有了"):
        rename_code(store, key, "康复训练")
    with pytest.raises(UserError, match="不能为空"):
        rename_code(store, key, " \t")
    rename_code(store, key, "送药")
    assert can_undo(store) is None


def test_a_hidden_row_stays_with_its_code_and_is_offered_again_on_request(store: Store) -> None:
    key = entry(store, "need_item", "K2-03").key
    hide_code(store, key, hidden=True)
    assert next(each for each in codes_of(store, "need_item") if each.code == "K2-03").hidden
    with pytest.raises(UserError, match="停用"):
        add_code(store, "need_item", "送药", above="K2")
    hide_code(store, key, hidden=False)
    assert not entry(store, "need_item", "K2-03").hidden


def test_checking_a_row_is_noted_and_stands_in_its_history(store: Store) -> None:
    key = entry(store, "client_group", "G01").key
    verify_code(store, key, verified=True)
    assert entry(store, "client_group", "G01").verified
    assert history_of(store, "code", key)[0].sentence == "已核对：否 → 是"


@pytest.mark.parametrize(
    ("list_name", "above", "code"),
    [
        ("need_item", "K1", "K1-13"),
        ("subcategory", "R1", "R1-16"),
        ("mzt_item", "1", "109"),
        ("mzt_item", "6", "604"),
        ("ethnic", "", "57"),
        ("source_method", "", "7"),
        ("id_kind", "", "X5"),
        ("danger_grade", "", "E"),
        ("asset_tag", "", "W"),
        ("urban_rural", "", "221"),
    ],
)
def test_a_new_row_gets_the_next_code_in_the_pattern_of_its_list(
    store: Store, list_name: str, above: str, code: str
) -> None:
    add_code(store, list_name, "本站新增", above=above)
    new = entry(store, list_name, code)
    assert (new.label, new.verified, new.hidden) == ("本站新增", False, False)


def test_a_code_that_is_taken_is_passed_over(store: Store) -> None:
    for label in ("甲", "乙", "丙"):
        add_code(store, "source_method", label)
    assert codes(store, "source_method")[-4:] == ["7", "8", "10", "9"]


def test_a_code_is_never_given_twice_not_even_after_an_undo(store: Store) -> None:
    add_code(store, "need_item", "代办证件", above="K1")
    undo(store)
    assert "K1-13" not in codes(store, "need_item")
    add_code(store, "need_item", "读信写信", above="K1")
    assert entry(store, "need_item", "K1-14").label == "读信写信"
    assert "K1-13" not in codes(store, "need_item")


def test_letters_go_on_behind_z(store: Store) -> None:
    for number in range(24):
        add_code(store, "danger_grade", f"本站第{number}级")
    assert {"Z", "Z1", "Z2"} <= set(codes(store, "danger_grade"))


def test_a_new_row_stands_with_those_it_belongs_to(store: Store) -> None:
    add_code(store, "need_item", "代办证件", above="K1")
    order = codes(store, "need_item")
    assert order[order.index("K1-13") + 1] == "K2-01"
    assert entry(store, "need_item", "K1-13").above == "政策性"
    assert asked_of(store, "need_item").above_title == "需求结果"
    with pytest.raises(UserError, match="需求结果"):
        add_code(store, "need_item", "没有归属")


def test_a_new_group_of_clients_needs_a_level_of_privacy(store: Store) -> None:
    assert asked_of(store, "client_group").privacy
    with pytest.raises(UserError, match="隐私级别"):
        add_code(store, "client_group", "返乡青年")
    add_code(store, "client_group", "返乡青年", privacy=Privacy.OPEN)
    new = next(each for each in entries_of(store, "client_group") if each.label == "返乡青年")
    assert new.privacy is Privacy.OPEN
    assert new.code < "G99"
    assert codes(store, "client_group")[-1] == "G99"


def test_a_row_is_moved_and_moved_back(store: Store) -> None:
    before = codes(store, "visit_purpose")
    key = entry(store, "visit_purpose", before[2]).key
    move_code(store, key, -1)
    assert codes(store, "visit_purpose") == [before[0], before[2], before[1], *before[3:]]
    move_code(store, key, -5)
    assert codes(store, "visit_purpose")[0] == before[2]
    move_code(store, key, -1)
    undo(store)
    undo(store)
    assert codes(store, "visit_purpose") == before


def test_an_added_row_can_be_moved_away_from_its_neighbour(store: Store) -> None:
    add_code(store, "need_item", "代办证件", above="K1")
    move_code(store, entry(store, "need_item", "K1-13").key, -1)
    order = codes(store, "need_item")
    assert order.index("K1-13") == order.index("K1-12") - 1


def test_a_row_that_is_in_use_is_hidden_when_its_adding_is_undone(store: Store) -> None:
    added = add_code(store, "need_item", "代办证件", above="K1").batch
    again = add_code(store, "skill", "修表").batch
    village = add(store, "village", name="柳河村")
    add(store, "need", subject=NeedSubject.COMMUNITY, village_key=village, item="K1-13")
    add(
        store,
        "resource",
        name="修表匠",
        dimension=Dimension.PEOPLE,
        map_class=MapClass.CONVENIENCE,
        offer_items=frozenset({"K1-13", "K1-01"}),
    )
    undo(store, added)
    assert entry(store, "need_item", "K1-13").hidden
    undo(store, again)
    assert "T25" not in codes(store, "skill")


def test_redo_brings_an_undone_row_back_under_its_own_code(store: Store) -> None:
    add_code(store, "need_item", "代办证件", above="K1")
    undo(store)
    redo(store)
    assert entry(store, "need_item", "K1-13").label == "代办证件"
