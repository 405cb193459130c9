"""发放前检查: everything that is looked at before a sheet is given out, shown and enforced.

    found = preflight(store, order)
    found.may_be_given          # False: the sheet can only be saved as a draft

What the sheet itself tells is in `maps.sheet.preflight`. Whatever may be published is chosen in `publishing`; here it
is asked once more, in other words, because what is printed in hundreds of copies cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.datum import distance_m
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import ContactPublic, ResourceStatus, StateOfUse
from stationdesk.core.vocab.lists import seeds
from stationdesk.db.models import CodeRow, Feature, Household, Person, Resource, ResourceHuman
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.layout import lay_out
from stationdesk.maps.sheet.preflight import (
    INTERNAL,
    Finding,
    Level,
    Shown,
    boundary_findings,
    entry_findings,
    glyph_findings,
    internal_findings,
    named,
    phone_findings,
    word_findings,
)
from stationdesk.maps.sheet.spec import Entry, SheetSpec
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of
from stationdesk.services.ledgers.reading import restricted_resource
from stationdesk.services.publishing import LeftOut
from stationdesk.services.release import Override, minor_names, own_numbers
from stationdesk.services.scopes import VERIFY_DAYS
from stationdesk.services.store import Store
from stationdesk.sheets.leaks import MinorNames, PersonalKind, leak_in

__all__ = ["Finding", "Level", "NotForGiving", "Preflight", "look_through", "preflight", "with_glyphs"]

_WORDS = "map_word"
_MOST = 4
"""So many reasons are told in one sentence; the list shows them all."""
_AT_HOME = 60.0
"""Metres within which a mark stands at a house."""
_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was found, the gravest first. `answer` is the reason of somebody who answers for what may be wrong."""

    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()
    answer: str = ""

    @property
    def stops(self) -> tuple[Finding, ...]:
        """What keeps the sheet from being given out."""
        return tuple(
            each
            for each in self.findings
            if each.level is Level.STOP and not (each.answerable and self.answer)
        )

    @property
    def may_be_given(self) -> bool:
        """Whether nothing stands against it."""
        return not self.stops

    @property
    def is_internal(self) -> bool:
        """Whether it is for the station alone, and never given out."""
        return any(each.rule == INTERNAL for each in self.findings)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        return tuple(each for each in self.findings if each.level is Level.WARN)

    @property
    def answered(self) -> tuple[Finding, ...]:
        """What somebody answers for."""
        return tuple(each for each in self.findings if each.answerable and self.answer)


class NotForGiving(UserError):
    """The sheet has faults that keep it from being given out; `found` says which."""

    def __init__(self, found: Preflight) -> None:
        faults = "；".join(each.sentence for each in found.stops[:_MOST])
        if len(found.stops) > _MOST:
            faults += _("；等共 {count} 处").format(count=len(found.stops))
        super().__init__("这张图没有通过发放前检查，只能存成草稿：{faults}。请改正后再发放。", faults=faults)
        self.found = found


def preflight(store: Store, order: HandoutOrder, answer: Override | None = None) -> Preflight:
    """Look a sheet through without printing it: everything but signs that no font has, which only paper tells.

    Raises:
        UserError: nothing may be published or has a place, or the paper is too small.
    """
    with store.reading() as session:
        content = content_of(session, order, store.clock.today())
        return look_through(session, content, lay_out(content.spec), store.clock.today(), answer)


def look_through(
    session: Session, content: HandoutContent, layout: Shown, today: date, answer: Override | None = None
) -> Preflight:
    """What is found on a sheet as it was laid out."""
    spec = replace(content.spec, backdrop=layout.spec.backdrop or content.spec.backdrop)
    found = [
        *internal_findings(spec),
        *entry_findings(layout),
        *_unpublished(session, spec, today),
        *_private_layers(session, spec),
        *phone_findings(spec),
        *_personal(session, spec, today),
        *_at_home(session, spec),
        *boundary_findings(spec),
        *word_findings(spec, _words(session)),
        *_checked(session, spec, today),
        *_silent(session, spec),
        *(Finding("remark", Level.WARN, words) for words in content.remarks),
    ]
    return _sorted(session, found, content.left_out, answer)


def with_glyphs(session: Session, found: Preflight, spec: SheetSpec, missing: frozenset[str]) -> Preflight:
    """The same with what the printed file told: the signs of `spec` that it could not draw."""
    told = [*found.findings, *glyph_findings(spec, missing)]
    return replace(_sorted(session, told, found.left_out, None), answer=found.answer)


def _sorted(
    session: Session, found: Iterable[Finding], left_out: tuple[LeftOut, ...], answer: Override | None
) -> Preflight:
    features = {row.name: row.key for row in session.execute(select(Feature.name, Feature.key))}
    keys = set(features.values())

    def keyed(finding: Finding) -> Finding:
        records = tuple(
            (kind, features.get(key, key))
            for kind, key in finding.records
            if kind != "feature" or key in features or key in keys
        )
        return replace(finding, records=records)

    ordered = sorted((keyed(each) for each in found), key=lambda each: _ORDER.index(each.level))
    return Preflight(tuple(ordered), left_out, answer.reason if answer is not None else "")


# What may not be there


def _unpublished(session: Session, spec: SheetSpec, today: date) -> Iterator[Finding]:
    """No restricted and no unpublished record, asked again from the file itself."""
    codes = [each.code for each in spec.entries if each.is_resource]
    open_now = and_(
        Resource.printable.is_(True),
        Resource.confidential.is_(False),
        Resource.status == ResourceStatus.ACTIVE,
        Resource.state_of_use != StateOfUse.STOPPED,
        or_(Resource.valid_from.is_(None), Resource.valid_from <= today),
        or_(Resource.valid_to.is_(None), Resource.valid_to >= today),
    )
    may = and_(open_now, not_(restricted_resource()))
    allowed = set(session.scalars(select(Resource.code).where(Resource.code.in_(codes), may)))
    wrong = [code for code in codes if code not in allowed]
    if wrong:
        words = _("{count} 项是限制查看、保密或没有公开的记录，不能印：{names}")
        yield _finding("published", Level.STOP, words, wrong)
    else:
        words = _("没有限制查看、保密、过期或未公开的记录")
        yield Finding("published", Level.TOLD, words, len(codes))


def _private_layers(session: Session, spec: SheetSpec) -> Iterator[Finding]:
    """No layer of the station's own use: nothing that was drawn to be kept off hand-outs, no household."""
    rows = session.execute(select(Feature.kind, Feature.name, Feature.on_handout)).all()
    shown = {(row.kind.code, row.name) for row in rows if row.on_handout}
    private = {(row.kind.code, row.name) for row in rows if not row.on_handout} - shown
    wrong = sorted({name for kind, name in _drawn_names(spec) if (kind, name) in private})
    if wrong:
        words = _("图上有 {count} 处只供站里用的图形，不能印：{names}")
        yield Finding(
            "layers",
            Level.STOP,
            words.format(count=len(wrong), names=named(wrong)),
            len(wrong),
            records=tuple(("feature", name) for name in wrong),
        )
    else:
        yield Finding("layers", Level.TOLD, _("没有只供站里用的图层，没有住户的位置"))


def _drawn_names(spec: SheetSpec) -> Iterator[tuple[str, str]]:
    """Kind and name of all that was drawn by the station, those that stand in the index among it."""
    yield from ((each.kind.value, each.name) for each in spec.features)
    numbered = {GroundClass.PLACE: "place", GroundClass.SIGHT: "sight"}
    for entry in spec.entries:
        if isinstance(entry.map_class, GroundClass) and entry.map_class in numbered:
            yield numbered[entry.map_class], entry.name


def _personal(session: Session, spec: SheetSpec, today: date) -> Iterator[Finding]:
    """No ID number, no bank account, no name of a minor in any text; a mobile number only where it belongs."""
    names = minor_names(session, today)
    own = own_numbers(session)
    found: dict[PersonalKind, list[str]] = {}
    drawn: dict[PersonalKind, list[str]] = {}
    for entry in spec.entries:
        for kind in _kinds(_texts(entry), names, own):
            if entry.is_resource:
                found.setdefault(kind, []).append(entry.code)
            else:
                drawn.setdefault(kind, []).append(entry.name)
    around = (*(each.name for each in spec.features), *(each.name for each in spec.base_shapes))
    for name in dict.fromkeys(around):
        for kind in _kinds((name,), names, own):
            drawn.setdefault(kind, []).append(name)
    for kind, level, words in (
        (PersonalKind.ID_NUMBER, Level.STOP, _("{count} 处文字里像是有完整的身份证号：{names}")),
        (PersonalKind.BANK, Level.STOP, _("{count} 处文字里像是有银行账号：{names}")),
        (PersonalKind.MINOR, Level.STOP, _("{count} 处文字里有未成年人的姓名：{names}")),
        (
            PersonalKind.MOBILE,
            Level.WARN,
            _("{count} 处文字里写着手机号，请移到“电话”栏，由“联系人同意公开”管着：{names}"),
        ),
    ):
        codes, places = found.get(kind, []), drawn.get(kind, [])
        if codes or places:
            listed = [*codes, *(f"“{place}”" for place in places)]
            yield Finding(
                kind.code,
                level,
                words.format(count=len(listed), names=named(listed)),
                len(listed),
                tuple(codes),
                tuple(("feature", place) for place in places),
                answerable=level is Level.STOP,
            )
    if not any(kind in (found | drawn) for kind in PersonalKind if kind is not PersonalKind.LANDLINE):
        yield Finding("personal", Level.TOLD, _("文字里没有身份证号、银行账号和未成年人的姓名"))


def _texts(entry: Entry) -> tuple[str, ...]:
    return (entry.name, entry.offer, entry.hours, entry.contact, entry.address, entry.way)


def _kinds(texts: Iterable[str], names: MinorNames, own: Sequence[str]) -> set[PersonalKind]:
    kinds = set()
    for text in texts:
        for number in own:
            text = text.replace(number, "|")  # noqa: PLW2901 - the station's own phone is there to be told
        kind = leak_in(text, names)
        if kind is not None:
            kinds.add(kind)
        if kind is not PersonalKind.MINOR and names.found_in(text):
            kinds.add(PersonalKind.MINOR)
    return kinds


def _words(session: Session) -> tuple[str, ...]:
    """The words that call for a look, as the station keeps them; an older station without the list has ours."""
    rows = session.execute(select(CodeRow.label, CodeRow.hidden).where(CodeRow.list == _WORDS)).all()
    if not rows:
        return tuple(seed.label for seed in seeds() if seed.list_name == _WORDS)
    return tuple(row.label for row in rows if not row.hidden)


def _at_home(session: Session, spec: SheetSpec) -> Iterator[Finding]:
    """Helpers who are served themselves, marked where they live: the map would show the house."""
    placed = {
        each.code: (each.lat, each.lon)
        for each in spec.entries
        if each.is_resource and each.lat is not None and each.lon is not None
    }
    rows = session.execute(
        select(Resource.code, Household.latitude, Household.longitude)
        .join(ResourceHuman, ResourceHuman.key == Resource.key)
        .join(Person, Person.key == ResourceHuman.person_key)
        .join(Household, Household.key == Person.household_key)
        .where(Resource.code.in_(placed))
        .order_by(Resource.code)
    )
    homes = [
        code
        for code, lat, lon in rows
        if lat is not None and lon is not None and distance_m(placed[code], (lat, lon)) < _AT_HOME
    ]
    if homes:
        words = _("{count} 项标在服务对象本人家里，发放后人人看得到，请改标到村委会等处：{names}")
        yield _finding("home", Level.WARN, words, homes)


# What is good to know


def _checked(session: Session, spec: SheetSpec, today: date) -> Iterator[Finding]:
    """When the entries were verified: the oldest day, whatever is due again, whatever never was."""
    codes = [each.code for each in spec.entries if each.is_resource]
    rows = session.execute(select(Resource.code, Resource.verified_on).where(Resource.code.in_(codes))).all()
    never = sorted(row.code for row in rows if row.verified_on is None)
    dated = sorted((row.verified_on, row.code) for row in rows if row.verified_on is not None)
    late = [code for day, code in dated if day < today - timedelta(days=VERIFY_DAYS)]
    if dated:
        day, code = dated[0]
        words = _("核实最早的是 {code}，{day}").format(code=code, day=day.isoformat())
        yield Finding("oldest", Level.TOLD, words, 1, (code,))
    if late:
        words = _("{count} 项超过 {days} 天没有核实，请先打电话核对：{names}")
        listed = words.format(count=len(late), days=VERIFY_DAYS, names=named(late))
        yield Finding("stale", Level.WARN, listed, len(late), tuple(late))
    if never:
        yield _finding("never_checked", Level.WARN, _("{count} 项从未核实：{names}"), never)


def _silent(session: Session, spec: SheetSpec) -> Iterator[Finding]:
    """Entries without a phone because nobody agreed to show it."""
    codes = [each.code for each in spec.entries if each.is_resource and not each.phone]
    has_phone = func.length(func.coalesce(Resource.phone, Resource.phone_2, "")) > 0
    withheld = or_(Resource.contact_public == ContactPublic.NONE, Resource.do_not_contact.is_(True))
    query = select(Resource.code).where(Resource.code.in_(codes), has_phone, withheld).order_by(Resource.code)
    silent = list(session.scalars(query))
    if silent:
        words = _("{count} 项的联系人没有同意公开，电话没有印：{names}")
        yield _finding("consent", Level.TOLD, words, silent)


def _finding(rule: str, level: Level, words: str, codes: Sequence[str]) -> Finding:
    return Finding(rule, level, words.format(count=len(codes), names=named(codes)), len(codes), tuple(codes))
