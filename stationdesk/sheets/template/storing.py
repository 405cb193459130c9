"""Templates as JSON. They are exchanged between stations, so every word that comes back is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

from stationdesk.core.errors import UserError
from stationdesk.sheets.template.places import LAST_COLUMN, LAST_ROW
from stationdesk.sheets.template.rules import (
    LEAVE,
    CellRule,
    Choosing,
    ColumnRule,
    DateForm,
    FigureColumn,
    FormKind,
    IdForm,
    Rule,
    Subject,
    Template,
    Writing,
)

VERSION: Final = 1

_MOST_RULES: Final = 2000
_LONGEST: Final = 2000
_MOST_JSON: Final = 2 * 1024 * 1024


def to_json(template: Template) -> str:
    """The template as text; `from_json` is its inverse."""
    return json.dumps({"version": VERSION, **_plain(template)}, ensure_ascii=False, indent=1)


def from_json(text: str) -> Template:
    """The template that `to_json` wrote, here or at another station.

    Raises:
        UserError: made by a newer version, or no template at all.
    """
    try:
        return _template(_versioned(text))
    except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError) as error:
        raise UserError("模板文件已损坏，或不是模板。请向做模板的人再要一份。") from error


def _versioned(text: str) -> dict[str, Any]:
    if len(text) > _MOST_JSON:
        raise ValueError("too long")
    data = json.loads(text)
    if not isinstance(data, dict):
        raise TypeError("no object")
    version = data.pop("version", None)
    if isinstance(version, int) and version > VERSION:
        raise UserError("这个模板是用更新版本的程序做的，请先更新程序。")
    if version != VERSION:
        raise ValueError("no version")
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


_Data = Mapping[str, Any]
_T = TypeVar("_T")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}|T\d{1,3}R\d{1,4}C\d{1,3}|P\d{1,5}")
_SOURCE = re.compile(r"[a-z0-9_.:A-Z\-]{0,80}")


def _template(data: _Data) -> Template:
    _only(data, Template)
    header = _tuple(data.get("header", [0, 0]), _row, 2)
    if len(header) != 2:
        raise ValueError("header")
    medium = _text(data.get("medium", "xlsx"))
    if medium not in {"xlsx", "docx"}:
        raise ValueError("medium")
    return Template(
        FormKind.of(data["kind"]),
        Subject.of(data.get("subject", "person")),
        _text(data.get("sheet", "")),
        (header[0], header[1]),
        _row(data.get("first", 0)),
        _row(data.get("rows", 0)),
        _tuple(data.get("columns", []), _column, _MOST_RULES),
        _tuple(data.get("cells", []), _cell, _MOST_RULES),
        _choosing(data.get("choosing", {})),
        medium,
        _truth(data.get("cleared", False)),
    )


def _column(data: Any) -> ColumnRule:
    _only(data, ColumnRule)
    return ColumnRule(
        _whole(data["column"], 1, LAST_COLUMN),
        _text(data.get("label", "")),
        _rule(data.get("rule", {})),
        _whole(data.get("span", 1), 1, 64),
        _share(data.get("confidence", 1.0)),
        _text(data.get("why", "")),
    )


def _cell(data: Any) -> CellRule:
    _only(data, CellRule)
    name = _text(data["cell"])
    if _CELL.fullmatch(name) is None:
        raise ValueError("cell")
    gap = data.get("gap")
    return CellRule(
        name,
        _text(data.get("label", "")),
        _rule(data.get("rule", {})),
        None if gap is None else _whole(gap, 0, 99),
        _whole(data.get("span", 1), 1, 64),
        _share(data.get("confidence", 1.0)),
        _text(data.get("why", "")),
    )


def _rule(data: Any) -> Rule:
    _only(data, Rule)
    source = _text(data.get("source", LEAVE))
    if _SOURCE.fullmatch(source) is None:
        raise ValueError("source")
    return Rule(
        source,
        _text(data.get("text", "")),
        FigureColumn.of(data.get("figure", "this")),
        _writing(data.get("writing", {})),
    )


def _writing(data: Any) -> Writing:
    _only(data, Writing)
    usual = Writing()
    factor = Decimal(_text(data.get("factor", "1")))
    if not factor.is_finite() or abs(factor.adjusted()) > 12:
        raise ValueError("factor")
    places = data.get("places")
    return Writing(
        IdForm.of(data.get("id_form", usual.id_form)),
        DateForm.of(data.get("date_form", usual.date_form)),
        _tuple(data.get("codes", []), _pair, _MOST_RULES),
        _text(data.get("joint", usual.joint)),
        factor,
        None if places is None else _whole(places, 0, 9),
        _text(data.get("yes", usual.yes)),
        _text(data.get("no", usual.no)),
        _text(data.get("empty", "")),
        _text(data.get("before", "")),
        _text(data.get("after", "")),
        _truth(data.get("masked", False)),
    )


def _choosing(data: Any) -> Choosing:
    _only(data, Choosing)
    first, last = data.get("age_from"), data.get("age_to")
    return Choosing(
        _tuple(data.get("categories", []), _text, 200),
        _tuple(data.get("villages", []), _text, 500),
        None if first is None else _whole(first, 0, 150),
        None if last is None else _whole(last, 0, 150),
    )


def _only(data: Any, kind: type) -> None:
    if not isinstance(data, dict) or set(data) - {each.name for each in fields(kind)}:
        raise ValueError(kind.__name__)


def _tuple(data: Any, read: Callable[[Any], _T], most: int) -> tuple[_T, ...]:
    if not isinstance(data, list) or len(data) > most:
        raise ValueError("list")
    return tuple(read(each) for each in data)


def _pair(data: Any) -> tuple[str, str]:
    first, second = _tuple(data, _text, 2)
    return first, second


def _text(data: Any) -> str:
    if not isinstance(data, str) or len(data) > _LONGEST:
        raise TypeError("text")
    return data


def _whole(data: Any, least: int, most: int) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not least <= data <= most:
        raise ValueError("number")
    return data


def _row(data: Any) -> int:
    return _whole(data, 0, LAST_ROW)


def _share(data: Any) -> float:
    if not isinstance(data, int | float) or isinstance(data, bool) or not 0 <= data <= 1:
        raise ValueError("share")
    return float(data)


def _truth(data: Any) -> bool:
    if not isinstance(data, bool):
        raise TypeError("truth")
    return data
