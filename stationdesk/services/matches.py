"""The closed loop: a match from its plan to the client's own word, or to a reason why not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import Match, Need, Resource
from stationdesk.db.writing import Work
from stationdesk.services.derived import taken_capacity
from stationdesk.services.numbers import keep_number, next_number
from stationdesk.services.rules import (
    check_at_least_one,
    check_not_future,
    check_not_negative,
    check_order,
    check_satisfaction,
    whole,
    with_filled,
)
from stationdesk.services.scopes import OPEN_MATCHES
from stationdesk.services.store import Store

_GIVEN_UP = (MatchState.FAILED, MatchState.WITHDRAWN)


def match_from(
    store: Store, need: Key, resource: Key, why: str = "", values: Values | None = None
) -> ChangeSet:
    """Make a match from a suggestion; `why` keeps the reasons that were shown.

    Raises:
        UserError: the two are matched already, the capacity is used up, or one of them is gone.
    """
    start = {
        **blank(Match),
        "need_key": need,
        "resource_key": resource,
        "matched_on": store.clock.today(),
        "worker_key": store.actor.key or None,
        "why": why or None,
        **(values or {}),
    }
    with store.reading() as session:
        found = session.get(Resource, resource)
        wanted = session.get(Need, need)
    if found is None or wanted is None:
        raise UserError("需求或资源已经删除了，没有对接。")
    with store.writing(_("对接 {need} 与 {resource}").format(need=wanted.code, resource=found.name)) as work:
        work.write(checked_match(work, created("match", start)))
        return work.done()


def move_match(store: Store, key: Key, state: MatchState, values: Values | None = None) -> ChangeSet:
    """Take a match to its next state; `values` are what the worker adds (the client's words, a reason).

    Raises:
        UserError: the step is not allowed, or asks for something that is missing.
    """
    with store.reading() as session:
        match = session.get(Match, key)
        if match is None:
            raise UserError("这条对接已经删除了。")
        before = values_of(match)
    change = changed("match", key, before, {"state": state, **(values or {})})
    with store.writing(_("{state}：{code}").format(state=_(state.label), code=before["code"])) as work:
        if change is not None:
            work.write(checked_match(work, change))
        return work.done()


def checked_match(work: Work, change: Change) -> list[Change]:
    """Gives the number, keeps the states in order, takes the need along.

    A need goes to 对接中 with its first match and back to 待对接 when its last one is given up; it is closed
    by the worker's own click only.
    """
    values = whole(work, change)
    stored = work.session.get(Match, change.key) if change.before is not None else None
    more: dict[str, Any] = {}
    if not values["code"]:
        more["code"] = next_number(work, "match")
    else:
        keep_number(work, values["code"])
    check_at_least_one("match", values, "quantity")
    _check_step(stored, values)
    if stored is None:
        _refuse_closed(work, values)
    reopened = stored is not None and not stored.state.is_open and values["state"].is_open
    touched = change.values.keys() & {"quantity", "resource_key", "need_key", "matched_on"}
    if stored is None or reopened or touched:
        _check_capacity(work, change.key, values)
    if stored is None or (values["state"].is_open and (reopened or touched)):
        _refuse_twice(work, change.key, values)
    more |= _days(work, values)
    check_not_future("match", values, work.today, "matched_on", "done_on", "confirmed_on")
    check_order("match", {**values, **more}, "matched_on", "done_on")
    check_not_negative("match", values, "amount", "people", "instances")
    check_satisfaction(values)
    moved = stored is None or change.values.keys() & {"state", "need_key"}
    left = stored.need_key if stored is not None and stored.need_key != values["need_key"] else None
    return [
        with_filled(change, values, more),
        *(_need_follows(work, change.key, values, is_new=stored is None) if moved else ()),
        *(need_left(work, change.key, left) if left is not None else ()),
    ]


def _check_step(stored: Match | None, values: dict[str, Any]) -> None:
    state: MatchState = values["state"]
    if stored is not None and state is not stored.state and state not in stored.state.following:
        allowed = "”“".join(_(each.label) for each in stored.state.following) or _("无，已了结")
        raise UserError(
            "“{now}”之后不能直接到“{wanted}”，可以到：“{allowed}”。",
            now=_(stored.state.label),
            wanted=_(state.label),
            allowed=allowed,
        )
    if state.needs_reason and not values["reason"]:
        raise UserError("“{state}”要写明原因。请填“未成或撤回原因”。", state=_(state.label))
    if state.needs_client_word and not values["client_words"]:
        raise UserError("“{state}”要有服务对象自己的话。请填“服务对象原话”。", state=_(state.label))


def _check_capacity(work: Work, key: Key, values: dict[str, Any]) -> None:
    resource = work.session.get(Resource, values["resource_key"] or "")
    if resource is None or resource.capacity is None or not values["state"].is_open:
        return
    day = values["matched_on"] or work.today
    taken = taken_capacity(work.session, [resource.key], day, but=key).get(resource.key, 0)
    wanted = values["quantity"] or 1
    if taken + wanted > resource.capacity:
        raise UserError(
            "“{name}”容量 {capacity}，已用 {taken}，还要 {wanted}，不够。请减少数量、换一项资源，或更新容量。",
            name=resource.name,
            capacity=resource.capacity,
            taken=taken,
            wanted=wanted,
        )


def _refuse_closed(work: Work, values: dict[str, Any]) -> None:
    need = work.session.get(Need, values["need_key"] or "")
    if need is not None and not need.status.is_open and values["state"].is_open:
        raise UserError(
            "需求 {code}“{status}”，不再对接。还要对接，就先把需求改回“{open}”。",
            code=need.code,
            status=_(need.status.label),
            open=_(NeedStatus.TO_MATCH.label),
        )


def _refuse_twice(work: Work, key: Key, values: dict[str, Any]) -> None:
    query = select(Match).where(
        Match.need_key == values["need_key"],
        Match.resource_key == values["resource_key"],
        Match.state.in_(OPEN_MATCHES),
        Match.key != key,
    )
    other = work.session.scalars(query).first()
    if other is not None:
        raise UserError("这条需求和这项资源已经在对接（{code}）。请打开那条继续。", code=other.code)


def _days(work: Work, values: dict[str, Any]) -> dict[str, Any]:
    state: MatchState = values["state"]
    more: dict[str, Any] = {}
    if state.counts_as_done and values["done_on"] is None:
        more["done_on"] = work.today
    if state is MatchState.CONFIRMED and values["confirmed_on"] is None:
        more["confirmed_on"] = work.today
    if not state.counts_as_done and values["done_on"] is not None:
        more["done_on"] = None  # the client said that it was not done after all
    return more


def _need_follows(work: Work, key: Key, values: dict[str, Any], *, is_new: bool) -> list[Change]:
    state: MatchState = values["state"]
    if state in _GIVEN_UP:
        return need_left(work, key, values["need_key"])
    if state is MatchState.CONFIRMED and not is_new:
        return []  # what the client confirmed asks for nothing more
    need = work.session.get(Need, values["need_key"] or "")
    if need is None or need.status not in {NeedStatus.TO_ASSESS, NeedStatus.TO_MATCH}:
        return []
    return _moved(need, NeedStatus.MATCHING)


def need_left(work: Work, match: Key, need: Key | None) -> list[Change]:
    """What a need becomes when a match is given up, removed, or moved to another need: it waits again."""
    found = work.session.get(Need, need or "")
    if found is None or found.status is not NeedStatus.MATCHING:
        return []
    others = select(Match.key).where(
        Match.need_key == found.key, Match.key != match, Match.state.not_in(_GIVEN_UP)
    )
    return _moved(found, NeedStatus.TO_MATCH) if work.session.scalars(others).first() is None else []


def _moved(need: Need, status: NeedStatus) -> list[Change]:
    follow = changed("need", need.key, {"status": need.status}, {"status": status})
    return [follow] if follow is not None else []
