"""The people who work at the station: their papers, and their own passwords."""

from __future__ import annotations

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Worker
from stationdesk.services import stations
from stationdesk.services.rules import check_order, whole
from stationdesk.services.store import Store


def is_protected(store: Store) -> bool:
    """Whether the station is encrypted, so that everybody who works there has a password."""
    return store.key is not None


def save_worker(store: Store, change: Change) -> ChangeSet:
    """Change what is known of a worker; new ones come through `stations.add_worker`.

    Raises:
        UserError: the name is taken, or bound to a password; nobody would be left to open the station.
    """
    with store.reading() as session:
        stored = session.get(Worker, change.key)
    if stored is None:
        raise UserError("没有找到这位工作人员。请刷新后再试。")
    with store.writing(_("修改工作人员 {name}").format(name=stored.name)) as work:
        values = whole(work, change)
        if values["name"] != stored.name:
            if store.key is not None:
                raise UserError("密码是按姓名设的，姓名不能改。请用新姓名另加一位，再给原来的填离岗日期。")
            same = select(Worker.key).where(Worker.name == values["name"], Worker.key != change.key)
            if work.session.scalars(same).first() is not None:
                raise UserError(
                    "已经有叫“{name}”的工作人员。请加上区别，例如“{name}2”。", name=values["name"]
                )
        check_order("worker", values, "since", "until")
        if values["until"] is not None:
            others = select(Worker.key).where(Worker.until.is_(None), Worker.key != change.key)
            if work.session.scalars(others).first() is None:
                raise UserError(
                    "至少要有一位没填离岗日期的工作人员，否则以后没人能打开本站。请先加上接手的人。"
                )
        work.write([change])
        return work.done()


def change_own_password(store: Store, old: str, new: str) -> ChangeSet:
    """Give the present worker a new password, and note that it was changed.

    Raises:
        WrongPassword: the old one is not right. UserError: the new one is too short.
    """
    name = store.actor.name
    stations.change_password(store, name, old, new)
    with store.writing(_("修改密码")) as work:
        key = work.session.scalars(select(Worker.key).where(Worker.name == name)).first()
        work.note("password", "worker", [key or Key("")], _("改了自己的密码"))
        return work.done()
