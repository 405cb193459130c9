"""The rules of matching: each answers yes, no or unknown about a need and a resource, and says so in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from stationdesk.core.datum import distance_m
from stationdesk.core.fields import JOINT, Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import NeedResult, Urgency
from stationdesk.core.vocab.weights import WEIGHTS, Rule
from stationdesk.db.models import Need, Resource
from stationdesk.services.needs import result_named
from stationdesk.services.scopes import VERIFY_DAYS

_NEAR_KILOMETRES = 3.0
_FOR_EVER = 9999


class Answer(StrEnum):
    """What a rule says about a need and a resource."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer in words, and the points it brings."""

    rule: Rule
    answer: Answer
    words: str
    points: int
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """Whose need it is, as far as the rules ask."""

    groups: frozenset[str] = frozenset()
    ages: tuple[int, ...] = ()
    village: Key | None = None
    place: tuple[float, float] | None = None
    one_person: bool = False


@dataclass(slots=True)
class Context:
    """What every rule may look at: read once for all resources."""

    today: date
    weights: Mapping[str, int]
    labels: Mapping[tuple[str, str], str]
    villages: Mapping[Key, str]
    taken: Mapping[Key, int]
    successes: Mapping[Key, int]
    under_way: frozenset[tuple[Key, Key]] = frozenset()
    refusals: Mapping[tuple[Key, Key], date | None] = field(default_factory=dict)

    def points(self, rule: Rule) -> int:
        """What a rule counts for at this station."""
        return self.weights.get(rule, WEIGHTS[rule])


def _item(need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    label = _(context.labels.get(("need_item", need.item), need.item))
    if need.item in resource.offer_items:
        yield Finding(
            Rule.ITEM, Answer.YES, _("能提供“{item}”").format(item=label), context.points(Rule.ITEM)
        )
    elif not resource.offer_items and (not resource.results or need.result in resource.results):
        yield Finding(
            Rule.ITEM, Answer.UNKNOWN, _("没有登记能否提供“{item}”，请问一下").format(item=label), 0
        )
    else:
        yield Finding(Rule.ITEM, Answer.NO, _("没有列出“{item}”").format(item=label), 0)


def _result(need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    results = results_of(resource)
    if need.result in results:
        words = _("同属“{result}”需求").format(result=_(need.result.label))
        yield Finding(Rule.RESULT, Answer.YES, words, context.points(Rule.RESULT))
    elif results:
        words = _("不属“{result}”需求").format(result=_(need.result.label))
        yield Finding(Rule.RESULT, Answer.NO, words, 0)


def results_of(resource: Resource) -> frozenset[NeedResult]:
    """The kinds of result a resource leads to: those it names and those of the items that it offers."""
    named = (result_named(item.split("-", 1)[0]) for item in resource.offer_items)
    return resource.results | {each for each in named if each is not None}


def _group(_need: Need, client: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    if not resource.groups:
        yield Finding(Rule.ANY_GROUP, Answer.YES, _("不限对象"), context.points(Rule.ANY_GROUP))
        return
    both = client.groups & resource.groups
    names = _names(context, "client_group", both or resource.groups)
    if both:
        yield Finding(
            Rule.GROUP, Answer.YES, _("适用对象：{names}").format(names=names), context.points(Rule.GROUP)
        )
    elif not client.groups:
        yield Finding(Rule.GROUP, Answer.UNKNOWN, _("适用于{names}：对象类别还没登记").format(names=names), 0)
    else:
        yield Finding(Rule.GROUP, Answer.NO, _("只适用于{names}").format(names=names), 0)


def _age(_need: Need, client: Client, resource: Resource, _known: Context) -> Iterable[Finding]:
    low, high = resource.min_age, resource.max_age
    if low is None and high is None:
        return
    span = _span(low, high)
    if not client.ages:
        yield Finding(Rule.AGE, Answer.UNKNOWN, _("限{span}：年龄还没登记").format(span=span), 0)
    elif any((low is None or low <= age) and (high is None or age <= high) for age in client.ages):
        yield Finding(Rule.AGE, Answer.YES, _("年龄符合（{span}）").format(span=span), 0)
    else:
        yield Finding(Rule.AGE, Answer.NO, _("年龄不符（限{span}）").format(span=span), 0, excludes=True)


def _span(low: int | None, high: int | None) -> str:
    if low is None:
        return _("{high} 岁以下").format(high=high)
    return (
        _("{low} 岁以上").format(low=low) if high is None else _("{low}–{high} 岁").format(low=low, high=high)
    )


def _near(_need: Need, client: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    if client.village is not None and resource.village_key == client.village:
        name = context.villages.get(client.village, "")
        words = _("同在{village}").format(village=name)
        yield Finding(Rule.VILLAGE, Answer.YES, words, context.points(Rule.VILLAGE))
        return
    far = kilometres(client, resource)
    if far is None:
        if resource.village_key is None and resource.latitude is None:
            yield Finding(Rule.TOWN, Answer.YES, _("面向全镇"), context.points(Rule.TOWN))
        else:
            yield Finding(Rule.NEAR, Answer.UNKNOWN, _("距离不知道：有一方还没标位置"), 0)
    elif far <= _NEAR_KILOMETRES:
        words = _("相距 {far} 公里").format(far=f"{far:.1f}")
        yield Finding(Rule.NEAR, Answer.YES, words, context.points(Rule.NEAR))
    else:
        yield Finding(Rule.NEAR, Answer.NO, _("相距 {far} 公里，较远").format(far=f"{far:.1f}"), 0)


def _usable(need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    if not (resource.status.can_be_matched and resource.state_of_use.can_be_matched):
        words = _("资源现在不可用：{status}").format(status=_(resource.status.label))
        yield Finding(Rule.USABLE, Answer.NO, words, 0, excludes=True)
    if (need.key, resource.key) in context.under_way:
        yield Finding(Rule.USABLE, Answer.NO, _("已经在和它对接"), 0, excludes=True)
    if resource.do_not_contact:
        yield Finding(Rule.USABLE, Answer.NO, _("已标“勿联系”"), 0, excludes=True)
    if resource.valid_to is not None and resource.valid_to < context.today:
        words = _("{day} 已过有效期").format(day=resource.valid_to)
        yield Finding(Rule.VALID, Answer.NO, words, 0, excludes=True)
    elif resource.valid_from is not None and resource.valid_from > context.today:
        words = _("{day} 起才有效").format(day=resource.valid_from)
        yield Finding(Rule.VALID, Answer.NO, words, 0, excludes=True)
    elif resource.valid_to is not None:
        yield Finding(Rule.VALID, Answer.YES, _("有效至 {day}").format(day=resource.valid_to), 0)


def _capacity(_need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    if resource.capacity is None:
        yield Finding(Rule.CAPACITY, Answer.UNKNOWN, _("容量没有登记，请问还能接几个"), 0)
        return
    left = resource.capacity - context.taken.get(resource.key, 0)
    unit = resource.capacity_unit or ""
    if left > 0:
        yield Finding(
            Rule.CAPACITY, Answer.YES, _("还可接 {left} {unit}").format(left=left, unit=unit).strip(), 0
        )
    else:
        words = _("容量已满（{capacity} {unit}）").format(capacity=resource.capacity, unit=unit)
        yield Finding(Rule.CAPACITY, Answer.NO, words, 0, excludes=True)


def _ease(need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    if need.urgency is Urgency.CRITICAL and resource.same_day:
        yield Finding(Rule.SAME_DAY, Answer.YES, _("当天可办"), context.points(Rule.SAME_DAY))
    if resource.fee:
        yield Finding(
            Rule.FREE, Answer.NO, _("收费：{text}").format(text=resource.fee_text or _("标准没有登记")), 0
        )
    else:
        yield Finding(Rule.FREE, Answer.YES, _("免费"), context.points(Rule.FREE))
    wins = context.successes.get(resource.key, 0)
    if wins:
        yield Finding(
            Rule.SUCCESS,
            Answer.YES,
            _("以往成功 {count} 次").format(count=wins),
            context.points(Rule.SUCCESS),
        )


def _fresh(need: Need, _who: Client, resource: Resource, context: Context) -> Iterable[Finding]:
    late = context.today - timedelta(days=VERIFY_DAYS)
    if resource.verified_on is None:
        yield Finding(Rule.STALE, Answer.UNKNOWN, _("还没核实过，先打电话问"), context.points(Rule.STALE))
    elif resource.verified_on < late:
        days = (context.today - resource.verified_on).days
        yield Finding(
            Rule.STALE, Answer.NO, _("{days} 天没核实").format(days=days), context.points(Rule.STALE)
        )
    until = context.refusals.get((need.key, resource.key))
    if until is not None and until > context.today:
        words = _("上次未成，{day} 前不再问").format(day=until) if until.year < _FOR_EVER else _("上次未成")
        yield Finding(Rule.REFUSED, Answer.NO, words, 0, excludes=True)


RULES: Sequence[Callable[[Need, Client, Resource, Context], Iterable[Finding]]] = (
    _item,
    _result,
    _group,
    _age,
    _near,
    _usable,
    _capacity,
    _ease,
    _fresh,
)


def _names(context: Context, codes: str, wanted: Iterable[str]) -> str:
    return JOINT.join(_(context.labels.get((codes, code), code)) for code in sorted(wanted))


def kilometres(client: Client, resource: Resource) -> float | None:
    """How far the client lives from the resource; None where one of them has no place."""
    if client.place is None or resource.latitude is None or resource.longitude is None:
        return None
    return distance_m(client.place, (resource.latitude, resource.longitude)) / 1000
