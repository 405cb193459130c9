"""Values as the window shows them: our own words translated, station text as it is, masks applied."""

from __future__ import annotations

import html
import re
from enum import Enum
from functools import cache

from stationdesk.core.fields import JOINT, Book, Field, Mask, Value, plain_code, text_of
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of

_LONGEST_TIP = 1000
_MARKUP = re.compile("[<&]")
_REMARK = re.compile(r"（| \(")


def tip(text: str) -> str:
    """A tool tip that shows station text as it is: Qt takes what looks like markup for markup, also "&lt;".

    A text as long as a book would cover the screen: its beginning is shown.
    """
    if len(text) > _LONGEST_TIP:
        text = text[:_LONGEST_TIP] + "……"
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>" if _MARKUP.search(text) else text


def words(field: Field, value: Value, book: Book) -> str:
    """The value in the language of the window; empty for None."""
    ours = field.type is bool or (issubclass(field.type, Enum) and not field.spec.codes)
    if not ours or value is None:
        return text_of(field, value, book)
    if field.many:
        return JOINT.join(_(text_of_one(each)) for each in sorted(value, key=plain_code))
    return _(text_of(field, value, book))


def text_of_one(member: object) -> str:
    """The label of one member of a vocabulary."""
    return str(getattr(member, "label", member))


def without_remark(label: str) -> str:
    """A label without what follows in brackets, Chinese or Latin: 紧急（24 小时内） is 紧急 in a chip or a pill."""
    return _REMARK.split(label, maxsplit=1)[0]


def masked_words(field: Field, value: Value, book: Book) -> str:
    """The value as it is shown to everybody: through the mask where the field has one."""
    text = words(field, value, book)
    mask = field.spec.mask if field.spec.mask_inside else None
    mask = mask or _title_mask(field.spec.link)
    return mask(text) if mask is not None and text else text


def has_mask(field: Field) -> bool:
    """Whether a field is shown to everybody through a mask."""
    return (field.spec.mask or _title_mask(field.spec.link)) is not None


@cache
def _title_mask(record: str) -> Mask | None:
    """The mask of the name by which a linked record is called."""
    if record not in RECORDS:
        return None
    model = RECORDS[record]
    named = [each for each in fields_of(model) if each.key in model.__title__]
    return named[0].spec.mask if len(named) == 1 else None
