"""What came of each need: matches in every state, as far as they have come today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stationdesk.core.clock import Month
from stationdesk.core.fields import Key
from stationdesk.core.vocab import CapacityPer, MatchMethod, MatchState, NeedStatus, Urgency
from stationdesk.services.practice import match_words as words
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.needs import Want
from stationdesk.services.practice.resources import Supply
from stationdesk.services.practice.town import Town

_LAGS = {Urgency.CRITICAL: (0, 1), Urgency.SOON: (0, 4), Urgency.NORMAL: (1, 14), Urgency.LONG_TERM: (3, 35)}
_OUTCOMES = {"met": 66, "partly": 7, "unmeetable": 5, "withdrawn": 5, "referred": 8, "waiting": 9}
_GOODS = frozenset({"K4-06", "K2-05"})
_WORTH = _GOODS | {"K4-05", "K5-01"}  # what is given in kind has a worth in yuan
_GIVEN_UP = frozenset({MatchState.FAILED, MatchState.WITHDRAWN})


@dataclass(slots=True)
class _Course:
    """The days on which a match went from state to state, known or still ahead."""

    planned: date
    contacted: date
    serving: date
    done: date
    confirmed: date

    def state(self, today: date) -> MatchState:
        """How far it has come."""
        if self.confirmed <= today:
            return MatchState.CONFIRMED
        if self.done <= today:
            return MatchState.DONE
        if self.serving <= today:
            return MatchState.SERVING
        return MatchState.CONTACTED if self.contacted <= today else MatchState.PLANNED


@dataclass(slots=True)
class Desk:
    """Matches the needs of a town with its resources, and never gives more than a resource has."""

    town: Town
    supplies: list[Supply]
    drafts: list[dict[str, Any]] = field(default_factory=list)
    _taken: Counter[Key] = field(default_factory=Counter)
    _pairs: set[tuple[Key, Key]] = field(default_factory=set)

    def run(self, wants: list[Want]) -> None:
        """Give every need its status, and fill `drafts` with its matches in the order of their days."""
        dice = self.town.dice("matches")
        for want in wants:
            want.values["status"] = NeedStatus.TO_MATCH
            want.values |= self._answer(dice, want)
        self.drafts.sort(key=lambda draft: draft["matched_on"])
        self._show_every_step()

    def _show_every_step(self) -> None:
        """On a quiet day a step on the way may be missing; another open match then stands at it."""
        running = [draft for draft in self.drafts if draft["state"].is_open]
        counts = Counter(draft["state"] for draft in running)
        for state in (MatchState.PLANNED, MatchState.CONTACTED, MatchState.SERVING):
            if not counts[state]:
                common = counts.most_common(1)[0][0]
                last = next(draft for draft in reversed(running) if draft["state"] is common)
                last["state"] = state
                counts.update({state: 1, common: -1})

    def _answer(self, dice: Dice, want: Want) -> dict[str, Any]:
        today = self.town.today
        start = want.raised + timedelta(days=dice.whole(*_LAGS[want.urgency]))
        if start > today or (want.raised == today and (want.urgency is Urgency.CRITICAL or dice.chance(0.6))):
            fresh = want.raised >= self.town.past(4) and dice.chance(0.5)
            return {"status": NeedStatus.TO_ASSESS} if fresh else {}
        pressing = want.urgency in {Urgency.CRITICAL, Urgency.SOON}
        outcome = dice.weighed(_OUTCOMES | {"waiting": 1} if pressing else _OUTCOMES)
        closed = start + timedelta(days=dice.whole(3, 18))
        if outcome == "met" and dice.chance(0.14) and self._give_up(dice, want, start, MatchState.FAILED):
            start += timedelta(days=dice.whole(4, 12))
        if outcome in {"met", "partly"}:
            return self._serve(dice, want, start, partly=outcome == "partly") if start <= today else {}
        if outcome == "waiting":
            if dice.chance(0.4):
                self._give_up(dice, want, start, MatchState.FAILED)
            return {}
        if closed > today:
            return {}
        if outcome == "unmeetable":
            self._give_up(dice, want, start, MatchState.FAILED)
            told = (NeedStatus.UNMEETABLE, dice.pick(words.UNMEETABLE))
        elif outcome == "withdrawn":
            self._give_up(dice, want, start, MatchState.WITHDRAWN)
            told = (NeedStatus.WITHDRAWN, dice.pick(words.WITHDRAWALS))
        else:
            return {
                "status": NeedStatus.REFERRED,
                "close_reason": dice.pick(words.REFERRED),
                "closed_on": closed,
            }
        return {"status": told[0], "close_reason": told[1], "closed_on": closed}

    def _serve(self, dice: Dice, want: Want, start: date, *, partly: bool) -> dict[str, Any]:
        """The usual way: planned, contacted, served, done, and confirmed by the client's own word."""
        today = self.town.today
        course = _course(dice, want, start)
        state = course.state(today)
        supply = self._supply(dice, want, start, state)
        if supply is None:
            return self._sent_on(dice, start)
        draft = self._draft(dice, want, supply, start, state) | {
            "due_on": course.done + timedelta(days=dice.whole(0, 6))
        }
        said = dice.pick(words.WORDS.get(want.wish.item) or words.WORDS[want.wish.item[:2]])
        good = dice.weighed({5: 5, 4: 4, 3: 1.2})
        if state.counts_as_done:
            draft |= {"done_on": course.done, "follow_up_on": course.done + timedelta(days=dice.whole(5, 20))}
        if state is MatchState.CONFIRMED:
            draft |= {"confirmed_on": course.confirmed, "client_words": said, "satisfaction": good}
            if dice.chance(0.6):
                draft["provider_told_on"] = min(today, course.confirmed + timedelta(days=dice.whole(0, 9)))
        self.drafts.append(draft)
        if state is not MatchState.CONFIRMED:
            return {"status": NeedStatus.MATCHING}
        if partly:
            return {"status": NeedStatus.PARTLY_MET, "client_words": said}
        return {
            "status": NeedStatus.MET,
            "closed_on": course.confirmed,
            "client_words": said,
            "satisfaction": good,
        }

    def _sent_on(self, dice: Dice, start: date) -> dict[str, Any]:
        """Nothing in the town serves it: after a while it is sent on."""
        closed = start + timedelta(days=dice.whole(4, 20))
        if closed > self.town.today:
            return {}
        return {"status": NeedStatus.REFERRED, "close_reason": dice.pick(words.REFERRED), "closed_on": closed}

    def _give_up(self, dice: Dice, want: Want, start: date, state: MatchState) -> bool:
        supply = self._supply(dice, want, start, state)
        if supply is None:
            return False
        failed = state is MatchState.FAILED
        self.drafts.append(
            self._draft(dice, want, supply, start, state)
            | {
                "reason": dice.pick(words.FAILURES if failed else words.WITHDRAWALS),
                "retry_on": start + timedelta(days=dice.whole(40, 120))
                if failed and dice.chance(0.5)
                else None,
                "due_on": start + timedelta(days=dice.whole(5, 20)),
            }
        )
        return True

    def _supply(self, dice: Dice, want: Want, day: date, state: MatchState) -> Supply | None:
        """A resource that serves the item, suits the client and has room; those of the village come first."""
        ranked = sorted(
            (
                (
                    dice.between(0, 3) + 2 * (each.village == want.village) + bool(each.offer.groups),
                    each.name,
                    each,
                )
                for each in self._fitting(want, day, state)
            ),
            reverse=True,
        )
        if not ranked:
            return None
        supply = ranked[0][-1]
        self._pairs.add((want.key, supply.key))
        if self._counts(supply, day, state):
            self._taken[supply.key] += 1
        return supply

    def _fitting(self, want: Want, day: date, state: MatchState) -> Iterator[Supply]:
        age = want.soul.age if want.soul is not None else None
        for each in self.supplies:
            low, high = each.offer.ages
            groups = set(each.offer.groups.split())
            full = each.capacity is not None and self._taken[each.key] >= each.capacity
            near = each.village is None or each.village == want.village or not each.offer.villages
            if (
                each.usable
                and near
                and want.wish.item in each.items
                and each.collected <= day
                and (want.key, each.key) not in self._pairs
                and (age is None or ((low or 0) <= age <= (high or 200)))
                and (not groups or not want.groups or groups & want.groups)
                and not (full and self._counts(each, day, state))
            ):
                yield each

    def _counts(self, supply: Supply, day: date, state: MatchState) -> bool:
        """Whether a match takes from the capacity today; the same rule as `services.derived.taken_capacity`."""
        today = self.town.today
        match supply.per:
            case CapacityPer.ONCE:
                return state not in _GIVEN_UP
            case CapacityPer.DAY:
                return state not in _GIVEN_UP and day >= today
            case CapacityPer.WEEK:
                return state not in _GIVEN_UP and day >= today - timedelta(days=today.weekday())
            case CapacityPer.MONTH:
                return state not in _GIVEN_UP and day >= Month.of(today).first
            case _:
                return state.is_open

    def _draft(self, dice: Dice, want: Want, supply: Supply, day: date, state: MatchState) -> dict[str, Any]:
        money = supply.offer.letter in {"策", "经"} and want.money > 0
        worth = want.money > 0 and (money or want.wish.item in _WORTH)
        people = len(want.home.souls) if want.home is not None and want.soul is None else 1
        people = dice.whole(8, 40) if want.home is None else people
        agreed = None if state is MatchState.PLANNED else state is not MatchState.WITHDRAWN
        return {
            "need_key": want.key,
            "resource_key": supply.key,
            "matched_on": day,
            "state": state,
            "method": _method(want, supply, money=money),
            "worker_key": want.values["worker_key"],
            "agreed": agreed,
            "agreed_on": day if agreed else None,
            "content": dice.pick(words.DEEDS[want.wish.item]),
            "amount": Decimal(want.money) if worth and state not in _GIVEN_UP else None,
            "in_money": money,
            "people": people,
            "instances": people * dice.pick((1, 1, 1, 2, 3, 4)),
            "why": dice.pick(words.REASONS),
        }


def _course(dice: Dice, want: Want, start: date) -> _Course:
    quick = want.urgency in {Urgency.CRITICAL, Urgency.SOON}
    contacted = start + timedelta(days=dice.whole(0, 2) if quick else dice.whole(1, 6))
    serving = contacted + timedelta(days=dice.whole(1, 3) if quick else dice.whole(2, 10))
    done = serving + timedelta(days=dice.whole(2, 14) if quick else dice.whole(5, 42))
    asked = dice.whole(200, 400) if dice.chance(0.06) else dice.whole(1, 12)
    return _Course(start, contacted, serving, done, done + timedelta(days=asked))


def _method(want: Want, supply: Supply, *, money: bool) -> MatchMethod:
    if money:
        return MatchMethod.MONEY
    if want.wish.item in _GOODS:
        return MatchMethod.HANDOUT
    if supply.offer.sub.startswith("R1") or supply.offer.letter == "医":
        return MatchMethod.HOME
    if supply.offer.letter == "文":
        return MatchMethod.ACTIVITY
    return MatchMethod.AGENCY if supply.offer.letter in {"办", "策"} else MatchMethod.REFERRAL
