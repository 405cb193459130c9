"""User-visible text: Chinese in the source, translated on display.

Every layer uses the same two functions, so that there is one catalogue. A template is translated
first and filled in afterwards: `_("已保存 {count} 条").format(count=3)`. What goes on paper and into
workbooks is always Chinese and therefore does not pass through here.
"""

from __future__ import annotations

import gettext
from enum import StrEnum
from pathlib import Path

CATALOGUES = Path(__file__).parent.parent / "i18n"


class Language(StrEnum):
    """The languages of the window."""

    CHINESE = "zh_CN"
    ENGLISH = "en"


# gettext keeps one language a process, as Qt does: the choice is made before the window is built.
_active: gettext.NullTranslations = gettext.NullTranslations()
_language = Language.CHINESE


def use_language(language: Language) -> None:
    """Translate from now on into `language`.

    Chinese is the source and needs no catalogue. A missing English catalogue is an error of the
    build, so it raises `FileNotFoundError` instead of showing a half-translated window.
    """
    global _active, _language  # noqa: PLW0603 - gettext's own model: one language a process
    if language is Language.CHINESE:
        _active = gettext.NullTranslations()
    else:
        with (CATALOGUES / f"{language.value}.mo").open("rb") as catalogue:
            _active = gettext.GNUTranslations(catalogue)
    _language = language


def language_in_use() -> Language:
    """The language into which is translated."""
    return _language


def _(text: str) -> str:
    """The text in the active language; an empty text stays empty (gettext would give its header)."""
    return _active.gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The form that fits `count`, in the active language."""
    return _active.ngettext(one, many, count)
