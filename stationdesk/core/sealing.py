"""The password that a worker gives to a file which leaves the station: what may be one."""

from __future__ import annotations

import unicodedata
from typing import Final

from stationdesk.core.errors import UserError

SHORTEST: Final = 6
"""Signs that a password has at least: the file may be tried by anybody who finds the stick."""
_MOST_BYTES: Final = 127  # what a PDF takes (ISO 32000-2, 7.6.4.3.3)


class BadPassword(UserError):
    """A password that cannot be used, or two that differ."""


def check_password(password: str, again: str | None = None) -> str:
    """The password as it is used, or why it cannot be: too short, too long, invisible signs, not the same twice.

    Raises:
        BadPassword: with the sentence for the worker.
    """
    if again is not None and password != again:
        raise BadPassword("两次输入的密码不一样。请重新输入。")
    if len(password) < SHORTEST:
        raise BadPassword("密码太短，至少要 {count} 位。", count=SHORTEST)
    if password != password.strip() or any(unicodedata.category(sign)[0] == "C" for sign in password):
        raise BadPassword("密码前后不能有空格，中间不能有看不见的字符。")
    if not unicodedata.is_normalized("NFKC", password):
        # A PDF is opened with the normalized password (RFC 4013), a workbook with the one that was typed.
        raise BadPassword(
            "密码里有全角的字母、数字或符号，别的电脑上可能打不开。请关掉输入法，用半角再输一次。"
        )
    if len(password.encode()) > _MOST_BYTES:
        raise BadPassword("密码太长。请用 40 个字以内的密码。")
    return password
