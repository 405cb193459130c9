"""Blank forms in the old format (.xls): converted, and what the conversion loses told in plain words.

The old format is read in a process of its own under limits, since somebody else's file is parsed there. Formulas,
validations, conditional formats and drawings of the old format have no reader that gives them whole: the
cells of formulas are left blank, the rest is left out, and all of it is said.
"""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.sheets.reading.refusals import broken, locked, too_big
from stationdesk.sheets.template.losses import Remark

SECONDS: Final = 60.0
_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Left:
    """What of an old workbook is not in the new one: names of formula cells, and what else there was."""

    formulas: tuple[str, ...] = ()
    drawings: bool = False
    comments: bool = False
    validations: bool = False
    conditions: bool = False
    protected: bool = False


def converted(content: bytes) -> tuple[bytes, tuple[Remark, ...]]:
    """The old workbook as a new one, and what was lost on the way.

    Raises:
        UserError: locked, damaged, too big, of another kind, or with macros.
    """
    _refuse_other(content)
    processes = multiprocessing.get_context("spawn")
    receiving, sending = processes.Pipe(duplex=False)
    process = processes.Process(target=serve, args=(sending, content), daemon=True)
    process.start()
    sending.close()
    try:
        if not receiving.poll(SECONDS):
            raise UserError("读这张空表用的时间太长，已停下。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再试。")
        told = json.loads(receiving.recv_bytes())
        if told["state"] == "done":
            return receiving.recv_bytes(), _remarks(
                Left(**{**told["left"], "formulas": tuple(told["left"]["formulas"])})
            )
    except EOFError as error:
        # The process ends without a word only when its memory runs out.
        raise too_big() from error
    finally:
        receiving.close()
        process.kill()
        process.join()
        process.close()
    if told["state"] == "locked":
        raise locked()
    if told["state"] == "broken":
        raise broken()
    raise RuntimeError(f"the converting process failed: {told['trace']}")


def is_encrypted_package(content: bytes) -> bool:
    """Whether a new workbook stands under a password: that looks like an old file from outside."""
    return "EncryptedPackage".encode("utf-16-le") in content


def serve(connection: Connection, content: bytes) -> None:
    """Convert and send; the entry of the process."""
    import traceback
    from dataclasses import asdict

    from stationdesk.sheets.reading.child import limit_this_process
    from stationdesk.sheets.template.oldbook import Locked, Unreadable, convert

    limit_this_process()
    try:
        fresh, left = convert(content)
    except Locked:
        _send(connection, state="locked")
    except Unreadable:
        _send(connection, state="broken")
    except MemoryError:
        return
    except Exception:  # noqa: BLE001 - told to the parent, which raises it as the bug it is
        _send(connection, state="bug", trace=traceback.format_exc())
    else:
        _send(connection, state="done", left=asdict(left))
        connection.send_bytes(fresh)


def _send(connection: Connection, **message: object) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _refuse_other(content: bytes) -> None:
    if "WordDocument".encode("utf-16-le") in content:
        raise UserError("这是旧的 Word 文档（.doc）。请用 WPS 或 Word 打开它，另存为 .docx 后再试。")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise UserError(
            "这张空表里有宏（程序），不能填写：填好后宏不可靠，也不安全。"
            "请用 WPS 或 Excel 打开它，另存为不带宏的 .xlsx 后再试。"
        )


def _remarks(left: Left) -> tuple[Remark, ...]:
    told = [
        Remark(
            _("空表是旧格式 .xls，已转换成 .xlsx：文字、合并、行高列宽、边框、字体、底色、打印设置照样保留。")
        )
    ]
    if left.formulas:
        cells = "、".join(left.formulas[:_NAMED]) + ("……" if len(left.formulas) > _NAMED else "")
        told.append(
            Remark(
                _("有 {count} 处公式（{cells}）转不过来，这些格子留空；合计可以让程序填数字。").format(
                    count=len(left.formulas), cells=cells
                ),
                lost=True,
            )
        )
    lost = [
        word
        for word, holds in (
            (_("图片、图形或控件"), left.drawings),
            (_("批注"), left.comments),
            (_("下拉选项"), left.validations),
            (_("条件格式"), left.conditions),
            (_("工作表保护"), left.protected),
        )
        if holds
    ]
    if lost:
        told.append(
            Remark(
                _("转换时丢失：{what}。要保留它们，请先用 WPS 或 Excel 把空表另存为 .xlsx 再打开。").format(
                    what="、".join(lost)
                ),
                lost=True,
            )
        )
    return tuple(sorted(told, key=lambda remark: not remark.lost))
