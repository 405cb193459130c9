"""A station as a whole: made, opened, closed."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.clock import Clock, SystemClock
from stationdesk.core.errors import DamagedFile, UserError
from stationdesk.core.files import clear_leftovers
from stationdesk.core.lock import FolderLock
from stationdesk.core.messages import _
from stationdesk.core.paths import StationFolder
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Role
from stationdesk.core.vocab.lists import seeds
from stationdesk.core.vocab.weights import WEIGHTS
from stationdesk.db import keys
from stationdesk.db.backup import SUFFIX, make_backup
from stationdesk.db.base import blank, values_of
from stationdesk.db.engine import DataKey, single_engine
from stationdesk.db.migrate import migrate, needs_migration
from stationdesk.db.models import CodeRow, Station, Weight, Worker
from stationdesk.services.ledgers.period import checked_first_day
from stationdesk.services.rules import check_place, whole
from stationdesk.services.sketch import check_real
from stationdesk.services.store import Actor, Store

LEAST_PASSWORD = keys.LEAST_PASSWORD
"""The shortest password, in characters, for the dialogs that ask for one."""

_TOWN_CODES = (9, 12)  # digits: up to the town, or with the places of the village as noughts

HELPLINES = "报警 110\n火警 119\n急救 120\n政务服务 12345"
"""What a new station's hand-outs show; the station edits and verifies them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a new station is called."""

    name: str
    town: str
    county: str = ""
    phone: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A worker of a new station; a station in which nobody has a password is not encrypted."""

    name: str
    password: str | None = None


def create(root: Path, profile: Profile, newcomers: Sequence[Newcomer], clock: Clock | None = None) -> Store:
    """Make a station in an empty or new folder and open it as its first worker.

    It is made aside and moved into place whole, so that a station cut short by a power cut is none.

    Raises:
        UserError: the folder holds other things, a name is missing or given twice, passwords are too short
            or only some have one.
    """
    root = root.resolve()  # the folder beside it is made by name, which "." has not
    folder = StationFolder(root)
    newcomers = [Newcomer(clean_line(each.name), each.password) for each in newcomers]
    _check_newcomers(newcomers)
    if not profile.name.strip() or not profile.town.strip():
        raise UserError("请填写社工站名称和乡镇（街道）名称，它们印在台账和地图上。")
    if folder.is_station:
        raise UserError("“{folder}”里已经有一个工作站。请直接打开它，或换一个文件夹。", folder=root)
    aside = root.with_name(f".{root.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    existed = root.is_dir()
    if existed and any(root.iterdir()):
        raise UserError("文件夹“{folder}”里已有别的文件。新建工作站请选一个空文件夹。", folder=root)
    new = StationFolder(aside)
    new.create()
    try:
        _make(new, profile, newcomers, clock or SystemClock())
        if existed:
            root.rmdir()
        aside.replace(root)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if existed:
            root.mkdir(exist_ok=True)
        raise
    return open_station(root, newcomers[0].name, newcomers[0].password, clock)


def is_station(root: Path) -> bool:
    """Whether a station lies in the folder."""
    return StationFolder(root).is_station


def is_encrypted(root: Path) -> bool:
    """Whether opening the station asks for a password."""
    return StationFolder(root).keys.is_file()


def workers_of(root: Path) -> tuple[str, ...]:
    """The names to choose from at the start; none where the file must be brought up to date first.

    Raises:
        UserError: no station lies there; DamagedFile: what lies there cannot be read.
    """
    folder = _station_in(root)
    if folder.keys.is_file():
        return tuple(each.worker for each in keys.read_locks(folder.keys)[1])
    engine = single_engine(folder.database, None, writable=False)
    try:
        if needs_migration(folder.database, None):
            return ()
        with Session(engine) as session:
            return tuple(each.name for each in _present_workers(session, SystemClock().today()))
    finally:
        engine.dispose()


def name_of(root: Path) -> str:
    """What a station is called, as far as that can be read without a password; empty otherwise."""
    folder = StationFolder(root)
    if not folder.is_station or folder.keys.is_file():
        return ""
    engine = single_engine(folder.database, None, writable=False)
    try:
        with Session(engine) as session:
            return session.scalar(select(Station.name)) or ""
    except DatabaseError:
        return ""  # whoever opens it says what is wrong with it
    finally:
        engine.dispose()


def open_station(
    root: Path, worker: str | None = None, password: str | None = None, clock: Clock | None = None
) -> Store:
    """Open a station as a worker; the first one where none is named.

    A file of an older schema is backed up and brought up to date first.

    Raises:
        AlreadyOpen: the station is open elsewhere on this machine.
        WrongPassword, DamagedFile, NewerFile: told apart as far as that is possible.
        UserError: there is no station, or nobody of that name works there.
    """
    folder = _station_in(root)
    clock = clock or SystemClock()
    lock = FolderLock(folder.root)
    lock.acquire()
    try:
        if worker is None and folder.keys.is_file():
            # The one whose password is asked is the one whose name the audit keeps.
            worker = keys.read_locks(folder.keys)[1][0].worker
        key = _key(folder, worker, password)
        clear_leftovers(folder.root, folder.backups, folder.exports, folder.maps)
        if needs_migration(folder.database, key):
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            target = folder.backups / f"before-update-{stamp}{SUFFIX}"
            make_backup(folder, key, target, made_at=clock.now().isoformat(), station=folder.root.name)
            migrate(folder.database, key)
        store = Store(folder, key, clock=clock, on_close=lock.release)
        try:
            store.actor = _actor(store, worker)
        except BaseException:
            store.close()
            raise
    except BaseException:
        lock.release()
        raise
    return store


def close(store: Store) -> None:
    """Close the station: its log is emptied into the file, and its lock goes."""
    store.close()


def profile_of(store: Store) -> Station:
    """The station's own record."""
    with store.reading() as session:
        found = session.scalars(select(Station)).first()
    if found is None:
        raise DamagedFile("数据文件里没有社工站的资料，可能已损坏。请从备份恢复。")
    return found


def save_profile(store: Store, change: Change) -> ChangeSet:
    """Change the station's own record.

    Raises:
        UserError: a code of the town that is none, a month that starts on the 30th, or half a place.
    """
    with store.writing(_("修改社工站资料")) as work:
        values = whole(work, change)
        code = values["town_code"]
        if "town_code" in change.values and code and not (code.isdigit() and len(code) in _TOWN_CODES):
            raise UserError("乡镇代码应是 9 位或 12 位数字，现在是“{code}”。不知道代码可以留空。", code=code)
        checked_first_day(values["month_starts_on"])
        check_place(values)
        check_real(work, change)
        work.write([change])
        return work.done()


def add_worker(store: Store, name: str, role: Role = Role.WORKER, password: str | None = None) -> ChangeSet:
    """Add a worker; in an encrypted station with a password of their own.

    Raises:
        UserError: the name is taken, or the password is missing or too short.
    """
    name = clean_line(name)
    if store.key is not None and not password:
        raise UserError("本站用密码保护，新工作人员也要设密码。")
    with store.writing(_("新增工作人员 {name}").format(name=name)) as work:
        if work.session.scalars(select(Worker).where(Worker.name == name)).first() is not None:
            raise UserError("已经有叫“{name}”的工作人员。请加上区别，例如“{name}2”。", name=name)
        values = {**blank(Worker), "name": name, "role": role, "since": work.today}
        work.write([created("worker", values)])
        outcome = work.done()
        if store.key is not None and password:
            _salt, locks = keys.read_locks(store.folder.keys)
            others = (
                each for each in locks if each.worker != name
            )  # one whose adding was undone left a lock
            fresh = keys.lock_for(name, password, store.key)
            keys.write_locks(store.folder.keys, store.key, (*others, fresh))
    return outcome


def change_password(store: Store, worker: str, old: str, new: str) -> None:
    """Give a worker a new password; the old one is asked.

    Raises:
        WrongPassword: the old password is not right. UserError: the new one is too short.
    """
    path = store.folder.keys
    key = keys.unlock(path, worker, old)
    fresh = keys.lock_for(worker, new, key)
    _salt, locks = keys.read_locks(path)
    keys.write_locks(path, key, tuple(fresh if each.worker == worker else each for each in locks))


def is_practice(store: Store) -> bool:
    """Whether this is the practice town."""
    return profile_of(store).practice


def remove_practice(root: Path) -> None:
    """Delete the folder of a practice town that is closed.

    Raises:
        UserError: it is a real station, which the program never deletes, or it is open.
    """
    with contextlib.closing(open_station(root)) as store:
        practice = is_practice(store)
    if not practice:
        raise UserError("“{folder}”不是练习镇，没有删除。程序从不删除真的社工站。", folder=root)
    shutil.rmtree(root)


def weights_of(store: Store) -> tuple[Weight, ...]:
    """The matching weights, in the order of the rules."""
    order = {rule.code: place for place, rule in enumerate(WEIGHTS)}
    with store.reading() as session:
        rows = session.scalars(select(Weight)).all()
    return tuple(sorted(rows, key=lambda each: order.get(each.rule, len(order))))


def save_weights(store: Store, points: dict[str, int]) -> ChangeSet:
    """Set the points of rules, as one step."""
    with store.writing(_("修改推荐权重")) as work:
        rows = work.session.scalars(select(Weight)).all()
        edits = (
            changed("weight", each.key, values_of(each), {"points": points[each.rule]})
            for each in rows
            if each.rule in points
        )
        work.write([edit for edit in edits if edit is not None])
        return work.done()


def _check_newcomers(newcomers: Sequence[Newcomer]) -> None:
    names = [each.name for each in newcomers]
    if not names or not all(names):
        raise UserError("请填写至少一位工作人员的姓名。")
    if len(set(names)) < len(names):
        raise UserError("工作人员的姓名有重复。请加上区别。")
    if len({bool(each.password) for each in newcomers}) > 1:
        raise UserError("要么每人都设密码，要么都不设。")


def _make(folder: StationFolder, profile: Profile, newcomers: Sequence[Newcomer], clock: Clock) -> None:
    key: DataKey | None = None
    if newcomers[0].password:
        key = keys.new_data_key()
        locks = tuple(keys.lock_for(each.name, each.password or "", key) for each in newcomers)
        keys.write_locks(folder.keys, key, locks)
    migrate(folder.database, key)
    store = Store(folder, key, clock=clock)
    with contextlib.closing(store), store.writing(_("新建工作站")) as work:
        today = work.today
        work.write(
            [
                created("station", {**blank(Station), **_profile_values(profile)}),
                *(
                    created("worker", {**blank(Worker), "name": each.name, "since": today})
                    for each in newcomers
                ),
                *_seed_changes(),
                *(
                    created("weight", {"rule": rule.code, "points": points})
                    for rule, points in WEIGHTS.items()
                ),
            ]
        )


def _profile_values(profile: Profile) -> dict[str, object]:
    return {
        "name": profile.name,
        "town": profile.town,
        "county": profile.county or None,
        "phone": profile.phone or None,
        "practice": profile.practice,
        "helplines": HELPLINES,
    }


def _seed_changes() -> list[Change]:
    return [
        created(
            "code",
            {
                **blank(CodeRow),
                "list": seed.list_name,
                "code": seed.code,
                "label": seed.label,
                "parent": seed.parent or None,
                "position": position,
                "verified": seed.verified,
                "built_in": True,
                "privacy": seed.privacy,
                "note": seed.note or None,
            },
        )
        for position, seed in enumerate(seeds())
    ]


def _station_in(root: Path) -> StationFolder:
    folder = StationFolder(root)
    if not folder.is_station:
        raise UserError("“{folder}”里没有工作站。请选择正确的文件夹，或新建一个。", folder=root)
    return folder


def _key(folder: StationFolder, worker: str | None, password: str | None) -> DataKey | None:
    if not folder.keys.is_file():
        return None
    if password is None:
        raise UserError("这个工作站设了密码，打开时要输入。")
    return keys.unlock(folder.keys, worker or "", password)


def _present_workers(session: Session, today: date) -> Sequence[Worker]:
    query = select(Worker).where(or_(Worker.until.is_(None), Worker.until >= today)).order_by(Worker.key)
    return session.scalars(query).all()


def _actor(store: Store, worker: str | None) -> Actor:
    with store.reading() as session:
        workers = _present_workers(session, store.clock.today())
    chosen = next((each for each in workers if worker is None or each.name == worker), None)
    if chosen is None:
        raise UserError("本站没有叫“{name}”的工作人员。请从名单里选。", name=worker or "")
    return Actor(chosen.name, chosen.key)
