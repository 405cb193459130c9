"""The commands for single files on paper: `card` prints 一户一档 and 一人一档, `slip` the visit slips."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress

if TYPE_CHECKING:
    from stationdesk.core.fields import Key
    from stationdesk.services.cards import CardKind, CardsOut
    from stationdesk.services.store import Store

Argument = Callable[..., object]


def add_card(argument: Argument, option: Argument) -> None:
    """What `card` is told."""
    del argument
    option("--household", metavar="CODE", help=_("哪一户，写户编号"))
    option("--person", metavar="CODE", help=_("哪个人，写档案号"))
    option("--village", metavar="NAME", help=_("哪个村居的在册各户"))
    option("--people", action="store_true", help=_("村居里每人一张，而不是每户一张"))
    _add_file(option)


def add_slip(argument: Argument, option: Argument) -> None:
    """What `slip` is told."""
    del argument
    option("--due", action="store_true", help=_("走访已到期的各户"))
    option("--household", metavar="CODE", help=_("哪一户，写户编号"))
    option("--village", metavar="NAME", help=_("哪个村居的在册各户"))
    option(
        "--paper", choices=("A4", "A5"), default="A4", help=_("A4 横放一张两份，或 A5 一张一份（默认 A4）")
    )
    _add_file(option)


def _add_file(option: Argument) -> None:
    option("--out", metavar="F.pdf", type=Path, required=True, help=_("存为哪个 PDF 文件"))
    option("--password-file", metavar="F", type=Path, help=_("给 PDF 加密码，密码在这个文件的第一行"))


def card(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the cards that are asked for."""
    from stationdesk.services.cards import CardKind, cards_in, cards_of

    _one_of(given.household, given.person, given.village, words="--household、--person 和 --village")
    if given.village:
        kind = CardKind.PERSON if given.people else CardKind.HOUSEHOLD
        wanted = cards_in(kind, _village(store, given.village), given.village)
    elif given.person:
        wanted = cards_of(CardKind.PERSON, _coded(store, CardKind.PERSON, given.person), given.person)
    else:
        key = _coded(store, CardKind.HOUSEHOLD, given.household)
        wanted = cards_of(CardKind.HOUSEHOLD, key, given.household)
    return _printed(store, wanted, given, progress)


def slip(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the slips that are asked for."""
    from stationdesk.services.cards import CardKind, cards_in, cards_of, slips_due

    _one_of(given.due, given.household, given.village, words="--due、--household 和 --village")
    if given.due:
        wanted = slips_due()
    elif given.village:
        wanted = cards_in(CardKind.SLIP, _village(store, given.village), given.village)
    else:
        wanted = cards_of(CardKind.SLIP, _coded(store, CardKind.SLIP, given.household), given.household)
    return _printed(store, replace(wanted, two_up=given.paper == "A4"), given, progress)


def _one_of(*given: object, words: str) -> None:
    if sum(map(bool, given)) != 1:
        raise UserError("请在 {words} 里写明一项，只能一项。", words=words)


def _printed(store: Store, wanted: CardsOut, given: argparse.Namespace, progress: Progress) -> int:
    from stationdesk.core.files import private_folder
    from stationdesk.services.cards import print_cards, save_cards
    from stationdesk.services.sealing import password_in
    from stationdesk.ui.headless import printing

    password = password_in(given.password_file) if given.password_file is not None else None
    with printing() as printer, private_folder(store.folder.root) as aside:
        made = print_cards(store, wanted, aside / "cards.pdf", printer, progress)
        saved = save_cards(store, made, given.out, password, progress)
    print(
        _("已保存 {file}：{title} {count} 张，{pages} 页。").format(
            file=saved.path, title=wanted.title, count=len(saved.keys), pages=saved.pages
        )
    )
    if saved.withheld:
        print(_("另有 {count} 张涉及按规定限制查看的对象，没有打印。").format(count=saved.withheld))
    for name in saved.long:
        print(_("  一张纸放不下，接着印了第二页：{name}").format(name=name))
    if saved.lost:
        print(_("  这台电脑没有字形的字印成了“〓”：{signs}").format(signs=" ".join(sorted(saved.lost))))
    return 0


def _coded(store: Store, kind: CardKind, code: str) -> Key:
    from stationdesk.services.listing import Filter, Query, keys_of

    keys = keys_of(store, Query(kind.record, filters=(Filter("code", frozenset({code})),)))
    if not keys:
        raise UserError("没有编号是“{code}”的档案。请检查编号。", code=code)
    return keys[0]


def _village(store: Store, name: str) -> Key:
    from stationdesk.services.listing import Filter, Query, keys_of

    keys = keys_of(store, Query("village", filters=(Filter("name", frozenset({name})),)))
    if not keys:
        raise UserError("没有叫“{name}”的村居。请检查名称。", name=name)
    return keys[0]
