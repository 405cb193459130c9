"""Which editor a field gets: decided by its type and its spec, in this order, never by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from PySide6.QtWidgets import QWidget

from stationdesk.core.fields import Field, Kind
from stationdesk.ui.forms.choices import BoolEditor, ChoiceEditor, MaybeEditor
from stationdesk.ui.forms.dates import DateEditor
from stationdesk.ui.forms.editor import Editor, Kit, ReadOnly
from stationdesk.ui.forms.links import LinkEditor
from stationdesk.ui.forms.numbers import AngleEditor, FigureEditor, FloatEditor, IntEditor, MoneyEditor
from stationdesk.ui.forms.sets import SetEditor
from stationdesk.ui.forms.texts import IdNumberEditor, LineEditor, PhoneEditor, SuggestedEditor, TextEditor

Rule = tuple[Callable[[Field], bool], type[Editor]]


def _chosen(field: Field) -> bool:
    return bool(field.spec.codes) or issubclass(field.type, Enum)


RULES: tuple[Rule, ...] = (
    (lambda field: field.derived or field.type is datetime, ReadOnly),
    (lambda field: field.spec.kind in (Kind.NUMBER, Kind.GEOMETRY), ReadOnly),
    (lambda field: bool(field.spec.link), LinkEditor),
    (lambda field: field.many and _chosen(field), SetEditor),
    (_chosen, ChoiceEditor),
    (lambda field: field.spec.kind is Kind.PHONE, PhoneEditor),
    (lambda field: field.spec.kind is Kind.ID_NUMBER, IdNumberEditor),
    (lambda field: field.spec.kind in (Kind.LATITUDE, Kind.LONGITUDE), AngleEditor),
    (lambda field: field.spec.kind is Kind.TEXT, TextEditor),
    (lambda field: field.type is bool and field.optional, MaybeEditor),
    (lambda field: field.type is bool, BoolEditor),
    (lambda field: field.type is date, DateEditor),
    (lambda field: field.type is int, IntEditor),
    (lambda field: field.spec.kind is Kind.FIGURE, FigureEditor),
    (lambda field: field.type is Decimal, MoneyEditor),
    (lambda field: field.type is float, FloatEditor),
    (lambda field: field.spec.suggested, SuggestedEditor),
    (lambda field: field.type is str and not field.many, LineEditor),
)


def editor_for(field: Field, kit: Kit, parent: QWidget | None = None) -> Editor:
    """The editor of a field; a type that no rule knows is a bug."""
    for fits, kind in RULES:
        if fits(field):
            return kind(field, kit, parent)
    raise TypeError(f"no editor for {field.name}: {field.type}")
