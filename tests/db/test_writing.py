"""The one door: checked, whole or not at all, logged, and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, text, update

from stationdesk.core.changes import Change, changed, created, removed
from stationdesk.core.errors import InUse, Stale, UserError
from stationdesk.core.fields import Key
from stationdesk.db import audit
from stationdesk.db.base import blank
from stationdesk.db.models import AuditEntry, AuditValues, Village
from stationdesk.services import history, records
from stationdesk.services.listing import Query, count_of
from stationdesk.services.store import Store
from tests.desk_station import add, edit, read


def write(store: Store, *changes: Change | None) -> None:
    with store.writing("测试") as work:
        work.write([each for each in changes if each is not None])


def village(name: str, **values: object) -> Change:
    return created("village", {**blank(Village), "name": name, **values})


def test_edits_of_different_fields_merge(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    write(store, changed("village", key, {"secretary": None}, {"secretary": "张山"}))
    write(store, changed("village", key, {"phone": None}, {"phone": "03710001234"}))
    assert read(store, "village", key)["secretary"] == "张山"
    assert read(store, "village", key)["phone"] == "03710001234"


def test_a_stale_change_does_not_overwrite_newer_data(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    write(store, changed("village", key, {"secretary": None}, {"secretary": "张山"}))
    with pytest.raises(Stale, match="支书"):
        write(store, changed("village", key, {"secretary": None}, {"secretary": "李四"}))
    assert read(store, "village", key)["secretary"] == "张山"


def test_one_stale_change_refuses_the_whole_step(store: Store) -> None:
    one, other = add(store, "village", name="甲村"), add(store, "village", name="乙村")
    with pytest.raises(Stale):
        write(
            store,
            changed("village", one, {"name": "甲村"}, {"name": "甲"}),
            changed("village", other, {"name": "不是它"}, {"name": "乙"}),
        )
    assert read(store, "village", one)["name"] == "甲村"


def test_a_number_that_is_taken_is_named(store: Store) -> None:
    write(store, village("甲村", code="999999100201"))
    with pytest.raises(UserError, match="村居代码“999999100201”已经有了"):
        write(store, village("乙村", code="999999100201"))


def test_what_must_be_filled_is_named(store: Store) -> None:
    with pytest.raises(UserError, match="还没有填“村居名称”"):
        write(store, created("village", blank(Village)))


def test_a_record_that_others_point_to_stays(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    add(store, "household", village_key=key)
    with pytest.raises(InUse, match="桃园村"):
        write(store, removed("village", key, {"name": "桃园村"}))


def test_text_is_cleaned_on_the_way_in(store: Store) -> None:
    key = add(
        store, "village", name=" 桃\x00园\ud800村\x0b ", phone="０３７１－１２３", note="一\x0b二\r\n三"
    )
    values = read(store, "village", key)
    assert values["name"] == "桃园村"
    assert values["phone"] == "0371-123"
    assert values["note"] == "一\n二\n三"


def test_records_may_be_written_with_what_they_point_to_in_any_order(store: Store) -> None:
    place = village("桃园村")
    home = created(
        "village_group",
        {"village_key": place.key, "name": "一组", **dict.fromkeys(("leader", "phone", "boundary", "note"))},
    )
    write(store, home, place)
    assert count_of(store, Query("village_group")) == 1


def test_a_failed_step_leaves_nothing_behind(store: Store) -> None:
    with store.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    with pytest.raises(UserError), store.writing("测试") as work:
        work.write([village("半个村"), created("village", blank(Village))])
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert count_of(store, Query("village")) == 0


def test_every_change_is_in_the_chain_and_the_chain_holds(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    edit(store, "village", key, secretary="张山")
    with store.reading() as session:
        assert list(audit.broken_entries(session.connection())) == []
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.actor, last.action, last.record_key) == ("王芳", "changed", key)


@pytest.mark.parametrize("column", ["actor", "action", "record_key", "digest", "hash", "previous", "at"])
def test_a_tampered_entry_is_found(store: Store, column: str) -> None:
    add(store, "village", name="桃园村")
    value = "2026-01-01T00:00:00.000000+00:00" if column == "at" else "x"
    with store.writing("") as work:
        work.connection.execute(text(f"UPDATE audit_entry SET {column} = :v WHERE seq = 3"), {"v": value})  # noqa: S608
    with store.reading() as session:
        assert 3 in list(audit.broken_entries(session.connection()))


def test_a_missing_entry_and_changed_values_are_found(store: Store) -> None:
    add(store, "village", name="桃园村")
    with store.writing("") as work:
        work.connection.execute(update(AuditValues).where(AuditValues.seq == 5).values(values="{}"))
        work.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        work.connection.execute(text("DELETE FROM audit_values WHERE seq = 8"))
        work.connection.execute(text("DELETE FROM audit_entry WHERE seq = 8"))
    with store.reading() as session:
        broken = list(audit.broken_entries(session.connection()))
    assert broken == [5, 9]


def test_an_erased_person_leaves_the_chain_whole(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    with store.writing("") as work:
        gone = select(AuditEntry.seq).where(AuditEntry.record_key == key)
        work.connection.execute(delete(AuditValues).where(AuditValues.seq.in_(gone)))
    with store.reading() as session:
        assert list(audit.broken_entries(session.connection())) == []
    assert history.history_of(store, "village", key)[0].sentence == "内容已清除"


def test_undo_and_redo_bring_back_every_value(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    edit(store, "village", key, name="桃源村", population=812)
    history.undo(store)
    assert read(store, "village", key)["name"] == "桃园村"
    assert read(store, "village", key)["population"] is None
    history.redo(store)
    assert read(store, "village", key)["population"] == 812
    history.undo(store)
    history.undo(store)
    assert count_of(store, Query("village")) == 0
    history.redo(store)
    assert read(store, "village", key)["name"] == "桃园村"


def test_a_new_step_forgets_what_could_be_redone(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    edit(store, "village", key, name="桃源村")
    history.undo(store)
    edit(store, "village", key, secretary="张山")
    assert history.can_redo(store) is None


def test_undo_of_a_batch_keeps_what_was_changed_since_and_says_so(store: Store) -> None:
    first, second = village("甲村"), village("乙村")
    with store.writing("导入两个村") as work:
        work.write([first, second])
        batch = work.done().batch
    edit(store, "village", second.key, secretary="张山")
    outcome = history.undo(store, batch)
    assert outcome.keys("village") == (first.key,)
    assert [kept.change.key for kept in outcome.kept] == [second.key]
    assert read(store, "village", second.key)["secretary"] == "张山"


def test_a_batch_is_taken_back_once(store: Store) -> None:
    with store.writing("导入") as work:
        work.write([village("甲村")])
        batch = work.done().batch
    history.undo(store, batch)
    with pytest.raises(UserError, match="已经撤销过了"):
        history.undo(store, batch)


def test_nothing_to_undo_is_said(store: Store) -> None:
    with pytest.raises(UserError, match="没有可以撤销"):
        history.undo(store)


def test_history_reads_as_sentences(store: Store) -> None:
    key = add(store, "village", name="桃园村")
    home = add(store, "household", village_key=key)
    edit(store, "household", home, address="3 组 12 号")
    sentences = [entry.sentence for entry in history.history_of(store, "household", home)]
    assert sentences[0] == "居住地址：空 → 3 组 12 号"
    assert sentences[-1].startswith("新建户")


def test_a_number_is_never_given_twice(store: Store) -> None:
    village_key = add(store, "village", name="桃园村")
    first = add(store, "household", village_key=village_key)
    code = read(store, "household", first)["code"]
    history.undo(store)
    second = add(store, "household", village_key=village_key)
    assert read(store, "household", second)["code"] != code


def test_many_rows_go_through_the_door_at_once(store: Store) -> None:
    place = village("桃园村")
    many = [village(f"村{number:04d}") for number in range(3000)]
    write(store, place, *many)
    assert count_of(store, Query("village")) == 3001
    with store.reading() as session:
        assert list(audit.broken_entries(session.connection())) == []


def test_a_missing_record_is_said_to_be_gone(store: Store) -> None:
    with pytest.raises(Stale, match="刚被删除"):
        write(store, changed("village", Key("0" * 32), {"name": "a"}, {"name": "b"}))


def test_the_undo_of_many_edits_keeps_those_whose_number_another_has_now(store: Store) -> None:
    many = [village(f"第{number}村", code=f"9999991{number:05}") for number in range(150)]
    write(store, *many)
    write(
        store,
        *(changed("village", each.key, {"code": each.values["code"]}, {"code": None}) for each in many),
    )
    batch = history.recent(store)[0][0]
    add(store, "village", name="新村", code="999999100007")

    outcome = history.undo(store, batch)

    assert [each.change.key for each in outcome.kept] == [many[7].key]
    assert "编号已被占用" in outcome.kept[0].reason
    assert read(store, "village", many[8].key)["code"] == "999999100008"


def test_the_undo_of_many_edits_keeps_those_whose_former_place_is_gone(store: Store) -> None:
    left, other, to = (village(name) for name in ("甲村", "乙村", "丙村"))
    start = records.blank_of(store, "household")
    homes = [
        created(
            "household", {**start, "code": f"H-{number}", "village_key": (left if number % 2 else other).key}
        )
        for number in range(150)
    ]
    write(store, left, other, to, *homes)
    write(
        store,
        *(
            changed(
                "household", each.key, {"village_key": each.values["village_key"]}, {"village_key": to.key}
            )
            for each in homes
        ),
    )
    batch = history.recent(store)[0][0]
    write(store, removed("village", left.key, {**blank(Village), "name": "甲村"}))

    outcome = history.undo(store, batch)

    assert (len(outcome.changes), len(outcome.kept)) == (75, 75)
    assert read(store, "household", homes[0].key)["village_key"] == other.key
    assert read(store, "household", homes[1].key)["village_key"] == to.key
