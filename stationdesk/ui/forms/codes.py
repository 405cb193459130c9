"""The choices of editable lists and vocabularies, read once and kept until somebody edits a list."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QObject, Signal

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Code, Field
from stationdesk.core.messages import _
from stationdesk.core.pinyin import initials
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms.lookups import Lookups, Option

_LISTS = "code"
"""The record whose change makes every list stale."""


class Codes(QObject):
    """The choices of fields; `loaded` says that those of a list have come."""

    loaded = Signal(str)

    def __init__(self, desk: Desk, lookups: Lookups) -> None:
        super().__init__(desk)
        self._desk = desk
        self._lookups = lookups
        self._options: dict[str, tuple[Option, ...]] = {}
        self._labels: dict[str, dict[str, str]] = {}
        self._asked: set[str] = set()
        desk.changed.connect(self._forget)

    def options(self, field: Field) -> tuple[Option, ...]:
        """The choices of a field. Those of a list are empty until `loaded`; those of an enum lack pinyin until then."""
        name = list_name(field)
        if name not in self._options:
            if field.spec.codes:
                self._ask(name)
                return ()
            self._options[name] = enum_options(field.type, {})
            self._ask_pinyin(name, field.type)
        return self._options[name]

    def label(self, codes: str, code: str) -> str:
        """The label of a code; the code itself until its list has come."""
        if codes not in self._options:
            self._ask(codes)
        return self._labels.get(codes, {}).get(code, code)

    def _ask(self, name: str) -> None:
        if name in self._asked:
            return
        self._asked.add(name)

        def read(store: Store) -> tuple[Option, ...]:
            rows = self._lookups.codes_of(store, name)
            return tuple(
                Option(
                    Code(row.code),
                    row.label,
                    search_text(row.label, row.code),
                    row.hidden,
                    "" if row.verified else _("未核对的代码"),
                )
                for row in rows
            )

        self._desk.read(read, then=lambda options: self._keep(name, options), owner=self)

    def _ask_pinyin(self, name: str, kind: type) -> None:
        labels = [option.label for option in self._options[name]]

        def read(store: Store) -> dict[str, str]:
            del store
            return {label: search_text(label, "") for label in labels}

        def keep(found: dict[str, str]) -> None:
            self._keep(name, enum_options(kind, found))

        self._desk.read(read, then=keep, owner=self)

    def _keep(self, name: str, options: Sequence[Option]) -> None:
        self._options[name] = tuple(options)
        self._labels[name] = {str(option.value): option.label for option in options}
        self.loaded.emit(name)

    def _forget(self, changes: ChangeSet) -> None:
        if _LISTS not in changes.records:
            return
        stale = tuple(self._asked)
        self._asked.clear()
        for name in stale:
            self._ask(name)


def list_name(field: Field) -> str:
    """What the choices of a field are kept under."""
    return field.spec.codes or f"{field.type.__module__}.{field.type.__qualname__}"


def enum_options(kind: type, search: dict[str, str]) -> tuple[Option, ...]:
    """The members of an enum as choices."""
    if not issubclass(kind, Enum):
        raise TypeError(f"{kind} has no members to choose from")
    labels = [(member, _(str(getattr(member, "label", member.value)))) for member in kind]
    return tuple(Option(member, label, search.get(label, label.lower())) for member, label in labels)


def search_text(label: str, code: str) -> str:
    """What may be typed to find a choice: its words, its pinyin initials, its code."""
    return " ".join((label, *initials(label), code)).lower()
