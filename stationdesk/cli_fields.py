"""The command for the station's own fields: `field list`, `field add`, `field hide`, `field show`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import OwnGuard, OwnKind

if TYPE_CHECKING:
    from stationdesk.services.own_fields import OwnField
    from stationdesk.services.store import Store

ACTIONS = ("list", "add", "hide", "show")
KINDS = tuple(kind.code for kind in OwnKind)
PLACES = ("form", "ledger", "slip", "print")

Argument = Callable[..., object]


def add_field_command(argument: Argument, option: Argument) -> None:
    """What `field` is told."""
    argument("action", choices=ACTIONS, help=_("列出、增加、停用、恢复"))
    argument(
        "record", metavar="RECORD", nargs="?", help=_("哪类记录，如 person、household、resource；list 可不写")
    )
    argument("label", metavar="LABEL", nargs="?", help=_("字段名称，如 低保证号"))
    option("--kind", choices=KINDS, default=OwnKind.LINE.code, help=_("字段类型（默认单行文字）"))
    option(
        "--option",
        dest="options",
        action="append",
        metavar="WORDS",
        default=[],
        help=_("单选、多选的一个选项；可以写几次"),
    )
    option("--unit", metavar="WORDS", default="", help=_("单位"))
    option("--page", metavar="WORDS", default="", help=_("在表单的哪一页（默认“自定义”）"))
    option(
        "--in",
        dest="places",
        metavar="form,ledger",
        type=_places,
        default=PLACES[:2],
        help=_("出现在哪里：form、ledger、slip、print，用逗号隔开（默认 form,ledger）"),
    )
    option(
        "--guard",
        choices=tuple(each.code for each in OwnGuard),
        default=OwnGuard.DROPPED.code,
        help=_("对外时照原样、只留首字还是不列出（默认不列出）"),
    )
    option("--json", action="store_true", help=_("以 JSON 输出"))


def field(store: Store, given: argparse.Namespace, _progress: Progress) -> int:
    """List, add, hide or show the station's own fields."""
    from stationdesk.services.own_fields import RECORDS_WITH_ROOM, Wish, add_field, hide_field

    if given.record is not None and given.record not in RECORDS_WITH_ROOM:
        raise UserError(
            "“{record}”不能有自定义字段。可以是：{known}。",
            record=given.record,
            known="、".join(RECORDS_WITH_ROOM),
        )
    if given.action == "list":
        _list(store, [given.record] if given.record else RECORDS_WITH_ROOM, as_json=given.json)
        return 0
    if given.record is None or given.label is None:
        raise UserError("请写明哪类记录和字段名称，例如 field add person 低保证号。")
    if given.action == "add":
        wish = Wish(
            given.label,
            OwnKind.of(given.kind),
            tuple(given.options),
            given.unit,
            given.page,
            "form" in given.places,
            "ledger" in given.places,
            "slip" in given.places,
            "print" in given.places,
            OwnGuard.of(given.guard),
        )
        changes = add_field(store, given.record, wish)
    else:
        found = _named(store, given.record, given.label)
        changes = hide_field(store, found.key, hidden=given.action == "hide")
    print(changes.why)
    return 0


def _list(store: Store, records: list[str] | tuple[str, ...], *, as_json: bool) -> None:
    from stationdesk.services.own_fields import own_fields_of

    found = [each for record in records for each in own_fields_of(store, record)]
    if as_json:
        print(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        hidden = _("（停用）") if each.hidden else ""
        print(f"{each.record}  {each.wish.label}{hidden}  {_(each.wish.kind.label)}  {each.values}")


def _plain(each: OwnField) -> dict[str, object]:
    wish = each.wish
    ticks = (wish.on_form, wish.in_ledger, wish.on_slip, wish.on_print)
    return {
        "record": each.record,
        "label": wish.label,
        "kind": wish.kind.code,
        "options": list(wish.options),
        "unit": wish.unit,
        "page": wish.page,
        "in": [place for place, ticked in zip(PLACES, ticks, strict=True) if ticked],
        "guard": wish.guard.code,
        "hidden": each.hidden,
        "values": each.values,
    }


def _named(store: Store, record: str, label: str) -> OwnField:
    from stationdesk.services.own_fields import own_fields_of

    found = next((each for each in own_fields_of(store, record) if each.wish.label == label), None)
    if found is None:
        raise UserError("没有叫“{label}”的自定义字段。可以用 field list 查看。", label=label)
    return found


def _places(text: str) -> tuple[str, ...]:
    places = tuple(each.strip() for each in text.split(",") if each.strip())
    unknown = [each for each in places if each not in PLACES]
    if unknown:
        raise argparse.ArgumentTypeError(
            _("“{place}”不是 form、ledger、slip、print 之一").format(place=unknown[0])
        )
    return places
