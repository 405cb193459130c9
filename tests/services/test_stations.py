"""A station as a whole: made once and whole, opened by one program, its workers and passwords."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk.core.clock import FixedClock
from stationdesk.core.errors import AlreadyOpen, DamagedFile, NewerFile, UserError, WrongPassword
from stationdesk.core.vocab.weights import WEIGHTS
from stationdesk.db import keys
from stationdesk.services import stations
from stationdesk.services.listing import Query, count_of, keys_of
from stationdesk.services.records import blank_of
from stationdesk.services.stations import Newcomer, Profile, create, open_station, workers_of
from stationdesk.services.store import Store
from tests.desk_station import PROFILE, TODAY, WORKER, edit, new_station, read
from tests.services.desk_town import village

PASSWORD = "桃园三组 12 号"
CLOCK = FixedClock.on(TODAY)


HOLD = """
import sys
from pathlib import Path
from stationdesk.services.stations import open_station
store = open_station(Path(sys.argv[1]), None, sys.argv[2] or None)
print("open", flush=True)
sys.stdin.read()
store.close()
"""
"""A second program that keeps a station open until its input ends."""


def holder_of(root: Path, password: str | None) -> subprocess.Popen[str]:
    """That program, once it has the station."""
    command = [sys.executable, "-c", HOLD, str(root), password or ""]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    return holder


@pytest.fixture(scope="module", params=[None, PASSWORD], ids=["plain", "encrypted"])
def closed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str | None]:
    """A closed station with two workers, and their password; only read by the tests."""
    root = Path(tmp_path_factory.mktemp("station")) / "站"
    create(root, PROFILE, [Newcomer("王芳", request.param), Newcomer("李明", request.param)], CLOCK).close()
    return root, request.param


def test_a_station_is_made_whole_with_lists_weights_and_workers(closed: tuple[Path, str | None]) -> None:
    root, password = closed
    assert stations.is_station(root)
    assert stations.is_encrypted(root) is (password is not None)
    store = open_station(root, "王芳", password, CLOCK)
    assert stations.profile_of(store).name == PROFILE.name
    assert count_of(store, Query("worker")) == 2
    assert count_of(store, Query("code")) > 300
    assert {each.rule: each.points for each in stations.weights_of(store)} == {
        rule.code: points for rule, points in WEIGHTS.items()
    }
    store.close()
    assert not list(root.parent.glob(".*"))


def test_the_workers_are_told_before_the_station_is_open_and_in_their_order(
    closed: tuple[Path, str | None],
) -> None:
    assert workers_of(closed[0]) == ("王芳", "李明")


def test_who_opens_the_station_is_the_actor(closed: tuple[Path, str | None]) -> None:
    root, password = closed
    for worker in ("李明", "王芳", None):
        store = open_station(root, worker, password, CLOCK)
        assert store.actor.name == (worker or "王芳")
        assert blank_of(store, "visit")["worker_key"] == store.actor.key
        store.close()


def test_somebody_unknown_does_not_open_it_and_leaves_it_closed(closed: tuple[Path, str | None]) -> None:
    root, password = closed
    with pytest.raises(UserError, match="赵五"):
        open_station(root, "赵五", password, CLOCK)
    open_station(root, "王芳", password, CLOCK).close()


def test_a_second_program_is_refused_until_the_first_one_closes(closed: tuple[Path, str | None]) -> None:
    root, password = closed
    with holder_of(root, password) as holder:
        with pytest.raises(AlreadyOpen, match=str(holder.pid)):
            open_station(root, None, password, CLOCK)
        assert workers_of(root) == ("王芳", "李明")
        holder.communicate("")
    open_station(root, None, password, CLOCK).close()


def test_the_lock_of_a_program_that_was_killed_does_not_stay(tmp_path: Path) -> None:
    root = tmp_path / "站"
    new_station(root).close()
    with holder_of(root, None) as holder:
        holder.kill()
    open_station(root, clock=CLOCK).close()


# Making


@pytest.mark.parametrize(
    ("newcomers", "words"),
    [
        ([], "至少一位"),
        ([Newcomer("  ")], "至少一位"),
        ([Newcomer("王芳"), Newcomer(" 王芳\n")], "重复"),
        ([Newcomer("王芳", PASSWORD), Newcomer("李明")], "都设密码"),
        ([Newcomer("王芳", "1234567")], "至少 8 个字符"),
    ],
)
def test_a_station_is_not_begun_with_the_wrong_people(
    tmp_path: Path, newcomers: list[Newcomer], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        create(tmp_path / "站", PROFILE, newcomers, CLOCK)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("profile", [Profile(" ", "柳河镇"), Profile("柳河站", "")])
def test_a_station_has_a_name_and_a_town(tmp_path: Path, profile: Profile) -> None:
    with pytest.raises(UserError, match="社工站名称"):
        create(tmp_path / "站", profile, [Newcomer(WORKER)], CLOCK)


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_a_name_with_blanks_around_it_still_opens_the_station(tmp_path: Path, password: str | None) -> None:
    store = create(tmp_path / "站", PROFILE, [Newcomer(" 王芳　", password)], CLOCK)
    assert store.actor.name == "王芳"
    stations.add_worker(store, " 李明\n", password=password)
    store.close()
    assert workers_of(tmp_path / "站") == ("王芳", "李明")
    open_station(tmp_path / "站", "李明", password, CLOCK).close()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "文档"
    root.mkdir()
    (root / "照片.jpg").write_bytes(b"x")
    with pytest.raises(UserError, match="已有别的文件"):
        create(root, PROFILE, [Newcomer(WORKER)], CLOCK)
    assert [path.name for path in root.iterdir()] == ["照片.jpg"]


def test_a_station_is_not_made_over_another(tmp_path: Path) -> None:
    new_station(tmp_path / "站").close()
    with pytest.raises(UserError, match="已经有一个工作站"):
        create(tmp_path / "站", PROFILE, [Newcomer(WORKER)], CLOCK)


def test_an_empty_folder_named_by_a_dot_becomes_a_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "站").mkdir()
    monkeypatch.chdir(tmp_path / "站")
    create(Path(), PROFILE, [Newcomer(WORKER)], CLOCK).close()
    assert stations.is_station(tmp_path / "站")


def test_what_a_power_cut_left_of_a_new_station_is_no_station_and_in_nobodys_way(tmp_path: Path) -> None:
    left = tmp_path / ".站.new"
    left.mkdir()
    (left / "station.db").write_bytes(b"half")
    assert not stations.is_station(tmp_path / "站")
    new = create(tmp_path / "站", PROFILE, [Newcomer(WORKER)], CLOCK)
    new.close()
    assert not left.exists()


# Opening


def test_what_a_power_cut_left_of_a_backup_goes_when_the_station_is_opened(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    store.close()
    half = store.folder.backups / ".stationdesk-00000000-0000abcd.part"
    copy = half.with_suffix(".work") / "station.db"
    half.write_bytes(b"half")
    copy.parent.mkdir()
    copy.write_bytes(b"plain names")
    open_station(tmp_path / "站").close()
    assert list(store.folder.backups.iterdir()) == []


@pytest.mark.parametrize("worker", [WORKER, None])
def test_a_wrong_password_is_told_from_a_damaged_file(tmp_path: Path, worker: str | None) -> None:
    root = tmp_path / "站"
    new_station(root, PASSWORD).close()
    with pytest.raises(WrongPassword):
        open_station(root, worker, PASSWORD + " ", CLOCK)
    with pytest.raises(UserError, match="设了密码"):
        open_station(root, worker, None, CLOCK)
    (root / "station.db").write_bytes(b"\x00" * 8192)
    with pytest.raises(DamagedFile):
        open_station(root, worker, PASSWORD, CLOCK)


def test_a_damaged_file_of_locks_is_said_to_be_damaged(tmp_path: Path) -> None:
    root = tmp_path / "站"
    new_station(root, PASSWORD).close()
    path = root / "keys.json"
    whole = json.loads(path.read_text("utf-8"))
    worker = whole["workers"][0]
    for broken in (
        "",
        "[]",
        "{}",
        "\ud7ff" * 3,
        {**whole, "workers": []},
        {**whole, "workers": [{**worker, "nonce": "AAAA"}]},
        {**whole, "workers": [{**worker, "salt": worker["salt"][:-4] + "==="}]},
        {**whole, "workers": [{**worker, "wrapped": "#"}]},
        {**whole, "workers": 3},
        {**whole, "database_salt": "AA=="},
        {**whole, "format": "x"},
    ):
        path.write_text(broken if isinstance(broken, str) else json.dumps(broken), "utf-8")
        with pytest.raises(DamagedFile, match=r"keys\.json"):
            open_station(root, WORKER, PASSWORD, CLOCK)
    path.write_text(json.dumps({**whole, "format": 2}), "utf-8")
    with pytest.raises(NewerFile):
        open_station(root, WORKER, PASSWORD, CLOCK)
    path.write_text(json.dumps(whole), "utf-8")
    open_station(root, WORKER, PASSWORD, CLOCK).close()


def test_a_station_of_a_newer_program_is_left_untouched(tmp_path: Path) -> None:
    root = tmp_path / "站"
    store = new_station(root)
    with store.writing("") as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = (root / "station.db").read_bytes()
    for use in (lambda: open_station(root, clock=CLOCK), lambda: workers_of(root)):
        with pytest.raises(NewerFile, match="9999"):
            use()
    assert (root / "station.db").read_bytes() == before


@pytest.mark.parametrize("use", [workers_of, open_station])
def test_where_no_station_lies_is_said(tmp_path: Path, use: object) -> None:
    assert callable(use)
    with pytest.raises(UserError, match="没有工作站"):
        use(tmp_path / "没有")
    assert list(tmp_path.iterdir()) == []


def test_a_worker_who_has_left_is_not_offered_any_more(store: Store) -> None:
    first = keys_of(store, Query("worker"))[0]
    stations.add_worker(store, "李明")
    edit(store, "worker", first, until=TODAY)
    assert read(store, "worker", first)["until"] == TODAY
    root = store.folder.root
    store.close()
    assert "李明" in workers_of(root)


def test_without_a_name_the_actor_is_the_one_whose_password_was_asked(tmp_path: Path) -> None:
    root = tmp_path / "站"
    store = new_station(root, PASSWORD)
    stations.add_worker(store, "李明", password="李明自己的长密码")
    edit(store, "worker", keys_of(store, Query("worker"))[-1], until=TODAY.replace(day=1))
    store.close()
    with pytest.raises(UserError, match=WORKER):
        open_station(root, None, PASSWORD, CLOCK)
    open_station(root, "李明", "李明自己的长密码", CLOCK).close()


# Workers, passwords, weights


def test_a_new_worker_of_an_encrypted_station_has_a_password_of_their_own(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站", PASSWORD)
    with pytest.raises(UserError, match="也要设密码"):
        stations.add_worker(store, "李明")
    with pytest.raises(UserError, match="至少 8 个字符"):
        stations.add_worker(store, "李明", password="1234567")
    assert count_of(store, Query("worker")) == 1
    stations.add_worker(store, "李明", password="李明自己的长密码")
    store.close()
    with pytest.raises(WrongPassword):
        open_station(tmp_path / "站", "李明", PASSWORD, CLOCK)
    open_station(tmp_path / "站", "李明", "李明自己的长密码", CLOCK).close()


def test_two_workers_have_two_names(store: Store) -> None:
    with pytest.raises(UserError, match="已经有叫“王芳”"):
        stations.add_worker(store, WORKER + " ")


def test_the_shortest_password_is_the_same_everywhere() -> None:
    assert stations.LEAST_PASSWORD == keys.LEAST_PASSWORD == 8


def test_the_points_of_rules_are_changed_as_one_step(store: Store) -> None:
    codes = [rule.code for rule in WEIGHTS][:2]
    outcome = stations.save_weights(store, {codes[0]: 1, codes[1]: 2, "nothing": 3})
    assert len(outcome.changes) == 2
    assert [each.points for each in stations.weights_of(store)][:2] == [1, 2]
    assert not stations.save_weights(store, {codes[0]: 1})


def test_a_closed_station_is_one_file_without_a_log_beside_it(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    village(store)
    stations.close(store)
    stations.close(store)
    assert not list((tmp_path / "站").glob("station.db-*"))
