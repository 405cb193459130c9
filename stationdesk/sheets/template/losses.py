"""What stands in a form that filling cannot carry over faithfully: told before anything is taught, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.sheets.template.book import Book
from stationdesk.sheets.template.package import CONTENT_TYPES, MAIN, TYPED, Package

_MACROS: Final = ("vbaProject", "macrosheet", "intlMacrosheet", "xlMacrosheet")
_SIGNED: Final = ("_xmlsignatures/", "origin.sigs")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the form that the worker should know. `lost` says that it is not in the filled form."""

    sentence: str
    lost: bool = False


def refuse_unsafe(package: Package) -> None:
    """Refuse a form with programs inside.

    Raises:
        UserError: macros or programs of another kind; nothing of it was run.
    """
    kinds = {link.kind for name in ("", *_link_owners(package)) for link in package.links(name).values()}
    types = " ".join(
        each.get("ContentType") or "" for each in package.tree(CONTENT_TYPES).iter(f"{TYPED}Override")
    )
    if (
        kinds & set(_MACROS)
        or "macroEnabled" in types
        or any("vbaproject" in name.lower() for name in package.names)
    ):
        raise UserError(
            "这张空表里有宏（程序），不能填写：填好后宏不可靠，也不安全。"
            "请用 WPS 或 Excel 打开它，另存为不带宏的 .xlsx 后再试。"
        )
    if any("activex" in name.lower() for name in package.names):
        raise UserError(
            "这张空表里有控件程序（ActiveX），不能填写。请用 WPS 或 Excel 打开它，删去控件，另存后再试。"
        )


def remarks_of(book: Book) -> tuple[Remark, ...]:
    """What to tell before the form is used, the losses first."""
    found = [Remark(sentence(), lost) for holds, sentence, lost in _REMARKS if holds(book)]
    return tuple(sorted(found, key=lambda remark: not remark.lost))


def drop_signatures(package: Package) -> None:
    """Take out the digital signature: it is about the blank form, and would call the filled one forged."""
    for name in package.names:
        if name.startswith("_xmlsignatures/"):
            package.drop(name)
    if "_rels/.rels" in package:
        root = package.tree("_rels/.rels")
        for each in list(root):
            if "digital-signature" in (each.get("Type") or ""):
                root.remove(each)


def _link_owners(package: Package) -> list[str]:
    return [
        name.replace("_rels/", "").removesuffix(".rels")
        for name in package.names
        if name.endswith(".rels") and name != "_rels/.rels"
    ]


def _is_signed(book: Book) -> bool:
    return any(name.startswith("_xmlsignatures/") for name in book.package.names)


def _has(word: str) -> Callable[[Book], bool]:
    return lambda book: any(word in name for name in book.package.names)


def _is_protected(book: Book) -> bool:
    return any(sheet.root.find(f"{MAIN}sheetProtection") is not None for sheet in book.sheets)


def _has_formulas(book: Book) -> bool:
    return any(
        sheet.computes and next(sheet.root.iter(f"{MAIN}f"), None) is not None for sheet in book.sheets
    )


def _has_hidden_sheets(book: Book) -> bool:
    return any(sheet.hidden for sheet in book.sheets)


_REMARKS: Final[tuple[tuple[Callable[[Book], bool], Callable[[], str], bool], ...]] = (
    (_is_signed, lambda: _("空表带有数字签名；填写后签名不再有效，会去掉。"), True),
    (
        _has("pivotTables/"),
        lambda: _("空表里有数据透视表；它不会自己更新，打开后请点“全部刷新”。"),
        False,
    ),
    (_has("externalLinks/"), lambda: _("空表引用了别的文件；照样保留，打开时可能会问是否更新链接。"), False),
    (_has("queryTables/"), lambda: _("空表连着外部数据；照样保留，不会自动取数。"), False),
    (
        _is_protected,
        lambda: _("空表有工作表保护；照样保留，填好后锁定的格子在 WPS 或 Excel 里改不了。"),
        False,
    ),
    (_has("/drawing"), lambda: _("空表里有图片或图形；照样保留，表格加行时下面的图形跟着下移。"), False),
    (
        _has_formulas,
        lambda: _("空表里有公式；照样保留，在 WPS 或 Excel 里打开时自动计算，预览软件里可能看不到结果。"),
        False,
    ),
    (
        _has_hidden_sheets,
        lambda: _("空表里有隐藏的工作表；照样保留，请看看里面有没有不该外送的内容。"),
        False,
    ),
)
