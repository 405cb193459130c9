"""The settings that keep data safe are made and read back; what cannot be opened is told apart."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from stationdesk.core.errors import AlreadyOpen, DamagedFile, NewerFile, UserError, WrongPassword
from stationdesk.db.audit import broken_entries
from stationdesk.db.engine import connect
from stationdesk.services.listing import Query, count_of
from stationdesk.services.stations import change_password, is_encrypted, open_station, workers_of
from stationdesk.services.store import Store
from tests.desk_station import add, new_station

PASSWORD = "柳河 2026 春"


def setting(connection: object, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[attr-defined]


def test_the_writer_is_durable_and_the_readers_cannot_write(store: Store) -> None:
    writer = connect(store.folder.database, None, writable=True)
    assert setting(writer, "journal_mode") == "wal"
    assert setting(writer, "synchronous") == 2
    assert setting(writer, "foreign_keys") == 1
    assert setting(writer, "secure_delete") == 1
    writer.close()
    with store.reading() as session, pytest.raises(DatabaseError, match="readonly"):
        session.execute(text("DELETE FROM code"))


def test_a_setting_that_is_not_obeyed_stops_the_start(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in memory has no log: the journal mode falls back in silence, and we refuse."""
    with pytest.raises(UserError, match="journal_mode"):
        connect(Path(":memory:"), None, writable=True)


def test_an_encrypted_station_shows_nothing_on_disk_and_opens_with_its_password(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站", PASSWORD)
    add(store, "village", name="桃园秘密村")
    store.close()
    assert is_encrypted(tmp_path / "站")
    assert workers_of(tmp_path / "站") == ("王芳",)
    raw = (tmp_path / "站" / "station.db").read_bytes()
    assert "桃园秘密村".encode() not in raw
    assert not raw.startswith(b"SQLite format 3")
    again = open_station(tmp_path / "站", "王芳", PASSWORD)
    assert again.actor.name == "王芳"
    again.close()


@pytest.mark.parametrize("wrong", ["", " ", "柳河2026春", f"{PASSWORD} ", "柳河 ２０２６ 春", "x"])
def test_a_wrong_password_is_said_to_be_wrong(tmp_path: Path, wrong: str) -> None:
    new_station(tmp_path / "站", PASSWORD).close()
    with pytest.raises(WrongPassword):
        open_station(tmp_path / "站", "王芳", wrong)


def test_a_damaged_head_is_survived_because_its_salt_is_kept_twice(tmp_path: Path) -> None:
    new_station(tmp_path / "站", PASSWORD).close()
    database = tmp_path / "站" / "station.db"
    content = bytearray(database.read_bytes())
    content[3] ^= 1
    database.write_bytes(content)
    open_station(tmp_path / "站", "王芳", PASSWORD).close()


def test_damage_behind_the_head_is_told_from_a_wrong_password(tmp_path: Path) -> None:
    new_station(tmp_path / "站", PASSWORD).close()
    database = tmp_path / "站" / "station.db"
    content = bytearray(database.read_bytes())
    content[300] ^= 1
    database.write_bytes(content)
    with pytest.raises(DamagedFile):
        open_station(tmp_path / "站", "王芳", PASSWORD)


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    new_station(tmp_path / "站").close()
    database = tmp_path / "站" / "station.db"
    database.write_bytes(b"PK\x03\x04 not a database" * 100)
    before = database.read_bytes()
    with pytest.raises(DamagedFile):
        open_station(tmp_path / "站")
    assert database.read_bytes() == before


def test_a_damaged_file_of_keys_is_told(tmp_path: Path) -> None:
    new_station(tmp_path / "站", PASSWORD).close()
    (tmp_path / "站" / "keys.json").write_text("{", encoding="utf-8")
    with pytest.raises(DamagedFile, match="密码文件"):
        open_station(tmp_path / "站", "王芳", PASSWORD)


def test_a_changed_password_replaces_the_old_one(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站", PASSWORD)
    change_password(store, "王芳", PASSWORD, "新的密码 8888")
    store.close()
    with pytest.raises(WrongPassword):
        open_station(tmp_path / "站", "王芳", PASSWORD)
    open_station(tmp_path / "站", "王芳", "新的密码 8888").close()


def test_a_second_program_is_kept_out(store: Store) -> None:
    with pytest.raises(AlreadyOpen, match="已在本机打开"):
        open_station(store.folder.root)


def test_a_closed_station_is_not_opened_again_by_a_late_call(store: Store) -> None:
    store.close()
    with pytest.raises(RuntimeError, match="closed"), store.reading():
        pass
    with pytest.raises(RuntimeError, match="closed"), store.writing("晚了"):
        pass


def test_closing_waits_for_the_step_that_is_being_written(store: Store) -> None:
    with store.writing("新建") as work:
        closing = threading.Thread(target=store.close)
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
        work.take_number("户")
    closing.join()
    again = open_station(store.folder.root)
    with again.writing("新建") as work:
        assert work.take_number("户") == 2
    again.close()


def test_two_threads_write_one_after_the_other(store: Store) -> None:
    def write(sign: str) -> None:
        for number in range(20):
            add(store, "village", name=f"{sign}{number}")

    threads = [threading.Thread(target=write, args=[sign]) for sign in "甲乙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_of(store, Query("village")) == 40
    with store.reading() as session:
        assert list(broken_entries(session.connection())) == []


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_the_keys_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站", PASSWORD)
    change_password(store, "王芳", PASSWORD, "另一个够长的密码")
    store.close()
    assert stat.S_IMODE(store.folder.keys.stat().st_mode) == 0o600


def test_a_file_from_a_newer_version_is_refused_untouched(store: Store) -> None:
    with store.writing("") as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = store.folder.database.read_bytes()
    with pytest.raises(NewerFile, match="更新"):
        open_station(store.folder.root)
    assert store.folder.database.read_bytes() == before


def test_an_older_file_is_backed_up_before_it_is_brought_up_to_date(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    seen = []

    def watched(path: Path, key: object) -> None:
        seen.append([each.name for each in store.folder.backups.glob("before-update-*")])

    monkeypatch.setattr("stationdesk.services.stations.needs_migration", lambda path, key: True)
    monkeypatch.setattr("stationdesk.services.stations.migrate", watched)
    open_station(store.folder.root).close()
    assert len(seen[0]) == 1


def test_a_station_that_was_moved_still_opens(store: Store, tmp_path: Path) -> None:
    store.close()
    shutil.move(store.folder.root, tmp_path / "别处")
    open_station(tmp_path / "别处").close()
