"""Matching needs with resources: ranked suggestions, each with its reasons.

Each rule answers yes, no or unknown and says so in words; the points of a rule stand in the `weight`
records, the one place where they are edited. A rule that excludes makes a resource ineligible; an unknown
never does: it becomes a question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import MatchState, PersonStatus
from stationdesk.core.vocab.weights import Rule
from stationdesk.db.models import (
    CodeRow,
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Resource,
    Village,
    Weight,
)
from stationdesk.services.derived import age_on, taken_capacity
from stationdesk.services.match_rules import RULES, Answer, Client, Context, Finding, kilometres, results_of
from stationdesk.services.scopes import OPEN_MATCHES, SCOPES, on_day
from stationdesk.services.store import Store

MOST = 60
"""Suggestions for one need that are shown and counted."""
_FEW = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A resource for a need: its rank follows from `points`; `findings` say why."""

    resource: Key
    code: str
    name: str
    points: int
    findings: tuple[Finding, ...]
    kilometres: float | None
    remaining: int | None
    valid_to: date | None

    @property
    def is_eligible(self) -> bool:
        """Whether no rule excludes the resource."""
        return not any(each.excludes for each in self.findings)

    @property
    def answers(self) -> bool:
        """Whether the resource is said to do just what is needed."""
        return any(each.rule is Rule.ITEM and each.answer is Answer.YES for each in self.findings)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is not known and would settle the match."""
        return tuple(each.words for each in self.findings if each.answer is Answer.UNKNOWN)


@dataclass(frozen=True, slots=True)
class NextStep:
    """How many resources are suggested for a need, and how many of them are said to do just that."""

    suggested: int
    answering: int

    @property
    def sentence(self) -> str:
        """What to do next, in the worker's words: the same wherever the need is spoken of."""
        if not self.suggested:
            return _("没有合适资源，要另找")
        words = _("推荐 {count} 个以上") if self.suggested >= MOST else _("推荐 {count} 个")
        told = words.format(count=self.suggested)
        if not self.answering:
            return _("{suggested}，要先问").format(suggested=told)
        return _("{suggested}，{count} 个对口").format(suggested=told, count=self.answering)


def next_step(suggestions: Sequence[Suggestion]) -> NextStep:
    """What suggestions, at most `MOST` of them, mean for their need; those that a rule excludes do not count."""
    found = [each for each in suggestions if each.is_eligible]
    return NextStep(len(found), sum(each.answers for each in found))


def suggest(
    store: Store, need: Key, limit: int = 20, *, also_excluded: bool = False
) -> tuple[Suggestion, ...]:
    """Resources for a need, the best first; ties by number. With `also_excluded`, those a rule excludes follow.

    Raises:
        UserError: the need is gone.
    """
    with store.reading() as session:
        found = session.get(Need, need)
        if found is None:
            raise UserError("这条需求已经删除了。")
        context = _context(session, store.clock.today())
        client = _client(session, found, store.clock.today())
        ranked = [_judged(found, client, each, context) for each in session.scalars(select(Resource))]
    shown = [each for each in ranked if each.is_eligible or also_excluded]
    # What has nothing to do with the need is not a suggestion, however near and free it is.
    shown = [each for each in shown if _fits(each)]
    shown.sort(key=lambda each: (not each.is_eligible, -each.points, each.code))
    return tuple(shown[:limit])


def who_needs(store: Store, resource: Key, limit: int = 20) -> tuple[tuple[Key, Suggestion], ...]:
    """Open needs that a resource could meet, the best first."""
    with store.reading() as session:
        found = session.get(Resource, resource)
        if found is None:
            raise UserError("这项资源已经删除了。")
        today = store.clock.today()
        context = _context(session, today)
        needs = session.scalars(select(Need).where(SCOPES["need"]["unmatched"].condition(today))).all()
        clients = _clients(session, needs, today)
        ranked = [(each.key, _judged(each, clients[each.key], found, context)) for each in needs]
    ranked = [(key, each) for key, each in ranked if each.is_eligible and _fits(each)]
    ranked.sort(key=lambda pair: (-pair[1].points, pair[0]))
    return tuple(ranked[:limit])


def suggest_all(
    store: Store, progress: Progress = SILENT, limit: int = 3, *, only: Collection[Key] | None = None
) -> tuple[tuple[Key, tuple[Suggestion, ...]], ...]:
    """Suggestions for every need that waits, or those among `only`, by urgency and age."""
    today = store.clock.today()
    waiting = (
        select(Need)
        .where(SCOPES["need"]["unmatched"].condition(today))
        .order_by(Need.urgency, Need.raised_on, Need.key)
    )
    with store.reading() as session:
        needs = session.scalars(waiting if only is None else waiting.where(Need.key.in_(only))).all()
        resources = session.scalars(select(Resource)).all()
        context = _context(session, today)
        clients = _clients(session, needs, today)
    found = []
    for done, need in enumerate(needs):
        progress.step(done, len(needs))
        judged = (
            _judged(need, clients[need.key], each, context) for each in resources if _could_fit(need, each)
        )
        ranked = sorted(
            (each for each in judged if each.is_eligible and _fits(each)),
            key=lambda each: (-each.points, each.code),
        )
        found.append((need.key, tuple(ranked[:limit])))
    return tuple(found)


def unmet_needs(store: Store) -> tuple[Key, ...]:
    """Open needs without a match under way, the most urgent first, then the oldest."""
    query = (
        select(Need.key)
        .where(SCOPES["need"]["unmatched"].condition(store.clock.today()))
        .order_by(Need.urgency, Need.raised_on, Need.key)
    )
    with store.reading() as session:
        return tuple(session.scalars(query))


def _could_fit(need: Need, resource: Resource) -> bool:
    """Whether the first two rules could speak for it: far cheaper than to judge every pair."""
    results = results_of(resource)
    return (
        need.item in resource.offer_items or need.result in results or not (resource.offer_items or results)
    )


def _fits(suggestion: Suggestion) -> bool:
    return any(
        each.rule in {Rule.ITEM, Rule.RESULT} and each.answer is not Answer.NO for each in suggestion.findings
    )


def _context(session: Session, today: date) -> Context:
    weights = {row.rule: row.points for row in session.scalars(select(Weight))}
    codes = session.execute(
        select(CodeRow.list, CodeRow.code, CodeRow.label).where(
            CodeRow.list.in_(("need_item", "client_group"))
        )
    )
    wins = session.execute(
        select(Match.resource_key, func.count())
        .where(Match.state.in_((MatchState.DONE, MatchState.CONFIRMED)))
        .group_by(Match.resource_key)
    )
    refused = session.execute(
        select(Match.need_key, Match.resource_key, func.max(func.coalesce(Match.retry_on, "9999-12-31")))
        .where(Match.state == MatchState.FAILED)
        .group_by(Match.need_key, Match.resource_key)
    )
    under_way = session.execute(
        select(Match.need_key, Match.resource_key).where(Match.state.in_(OPEN_MATCHES))
    )
    return Context(
        today=today,
        weights=weights,
        labels={(row.list, row.code): row.label for row in codes},
        villages={row.key: row.name for row in session.execute(select(Village.key, Village.name))},
        taken=taken_capacity(session, None, today),
        successes={key: int(count) for key, count in wins},
        under_way=frozenset((need, resource) for need, resource in under_way),
        refusals={(need, resource): date.fromisoformat(str(until)) for need, resource, until in refused},
    )


def _client(session: Session, need: Need, today: date) -> Client:
    return _clients(session, [need], today)[need.key]


def _clients(session: Session, needs: Sequence[Need], today: date) -> dict[Key, Client]:
    who = select(Person.key, Person.household_key, Person.birth_date, Person.age_told, Person.status)
    where = select(Household.key, Household.village_key, Household.latitude, Household.longitude)
    carried = select(PersonCategory.person_key, PersonCategory.category).where(on_day(today))
    if len(needs) <= _FEW:
        # Of a few needs, only their own people are read; of many, everybody once.
        homes_told = {each.household_key for each in needs if each.household_key}
        people_told = {each.person_key for each in needs if each.person_key}
        theirs = or_(Person.household_key.in_(homes_told), Person.key.in_(people_told))
        who = who.where(theirs)
        living = select(Person.household_key).where(Person.key.in_(people_told))
        where = where.where(or_(Household.key.in_(homes_told), Household.key.in_(living)))
        carried = carried.where(PersonCategory.person_key.in_(select(Person.key).where(theirs)))
    people = {row.key: row for row in session.execute(who)}
    members: dict[Key, list[Any]] = {}
    for row in people.values():
        if row.status is PersonStatus.ACTIVE:  # who moved away or died does not speak for the household
            members.setdefault(row.household_key, []).append(row)
    homes = {row.key: row for row in session.execute(where)}
    groups: dict[Key, set[str]] = {}
    for person, category in session.execute(carried):
        groups.setdefault(person, set()).add(category)
    return {need.key: _one_client(need, people, members, homes, groups, today) for need in needs}


def _one_client(
    need: Need,
    people: Mapping[Key, Any],
    members: Mapping[Key, list[Any]],
    homes: Mapping[Key, Any],
    groups: Mapping[Key, set[str]],
    today: date,
) -> Client:
    person = people.get(need.person_key) if need.person_key else None
    home = homes.get(person.household_key if person is not None else need.household_key or Key(""))
    concerned = [person] if person is not None else members.get(home.key, []) if home is not None else []
    ages = (age_on(each.birth_date, today) if each.birth_date else each.age_told for each in concerned)
    place = (home.latitude, home.longitude) if home is not None and home.latitude is not None else None
    return Client(
        groups=frozenset(group for each in concerned for group in groups.get(each.key, ())),
        ages=tuple(age for age in ages if age is not None),
        village=home.village_key if home is not None else need.village_key,
        place=place,
        one_person=person is not None,
    )


def _judged(need: Need, client: Client, resource: Resource, context: Context) -> Suggestion:
    findings = tuple(each for rule in RULES for each in rule(need, client, resource, context))
    taken = context.taken.get(resource.key, 0)
    return Suggestion(
        resource.key,
        resource.code,
        resource.name,
        sum(each.points for each in findings),
        findings,
        kilometres(client, resource),
        None if resource.capacity is None else resource.capacity - taken,
        resource.valid_to,
    )
