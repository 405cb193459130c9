"""The base of every vocabulary that code branches on.

A choice is stored as its code and shown as its label. Labels are Chinese source text; they are translated
where they are shown. Babel finds them by the calls: ``choice:2``, ``captioned``, ``caption``, ``note``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar, Self, TypeVar

C = TypeVar("C", bound="Choice")


class Choice(StrEnum):
    """One of a closed list of values; equal to its code, labelled in Chinese."""

    caption: ClassVar[str]
    """What the whole list is called, e.g. on a form."""

    label: str
    """What people read for this value."""

    def __new__(cls, code: str, label: str) -> Self:
        """Build the member that is stored as `code` and shown as `label`."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @property
    def code(self) -> str:
        """The stored value as a plain string."""
        return str(self.value)

    @classmethod
    def of(cls, code: str) -> Self:
        """The member that is stored as `code`; ValueError when there is none."""
        for member in cls:
            if member.code == code:
                return member
        raise ValueError(code)

    @classmethod
    def from_label(cls, text: str) -> Self | None:
        """The member whose label or code is `text`, as met in other people's workbooks, or None."""
        wanted = text.strip()
        for member in cls:
            if wanted in {member.label, member.code}:
                return member
        return None


def choice(code: str, label: str) -> tuple[str, str]:
    """A member of a Choice: the stored code and the Chinese label."""
    return code, label


def captioned(text: str) -> Callable[[type[C]], type[C]]:
    """Name a whole Choice, as its field is called on forms and in ledgers."""

    def name(cls: type[C]) -> type[C]:
        cls.caption = text
        return cls

    return name


def caption(text: str) -> str:
    """Mark the title of an editable list for translation."""
    return text


def note(text: str) -> str:
    """Mark a remark that is shown beside an unverified code for translation."""
    return text
