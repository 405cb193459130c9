"""What a row of the code table starts as, and what is said of codes that nobody has verified."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.core.vocab.choice import note
from stationdesk.core.vocab.people import Privacy


@dataclass(frozen=True)
class Seed:
    """One code of an editable list, as a new station gets it.

    Babel finds the label as ``Seed:3``. Codes are never re-used; a station may rename, hide and add.
    """

    list_name: str
    """The list it belongs to, a key of CODE_LISTS."""
    code: str
    label: str
    verified: bool = True
    """Whether a standard or the station's founding documents say so."""
    note: str = ""
    """A remark for the worker: what it means, or why it is not verified."""
    parent: str = ""
    """The code above it: a row of the same list, or a Dimension, NeedResult or MZ/T category."""
    privacy: Privacy | None = None
    """Only of client groups."""
    aliases: tuple[str, ...] = ()
    """What other people's workbooks call it; only for recognising, never shown."""


OWN = note("程序建议的条目，不是官方目录；可以改名、停用或增加。")
COMMON = note("凭一般了解列入，还没有对照文件核实。")
DEFINITION = note("认定条件凭一般了解，还没有对照文件核实；以本地文件为准。")
NO_NATIONAL_CODE = note("没有查到全国统一的界定，以本地文件为准。")
TEXTBOOK = note("只有教材中的简称，还没有对照标准原文。")
GAP = note("资料缺字，凭一般了解补上，还没有对照标准核实。")
EDUCATION = note("国家标准各版本的编码不一致，这里用自己的条目，导出时写文字。")
