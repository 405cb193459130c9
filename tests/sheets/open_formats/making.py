"""Small lists for the tests of the open formats, and texts of every kind as a station would store them."""

from __future__ import annotations

from hypothesis import strategies as st

from stationdesk.core.changes import new_key
from stationdesk.core.datum import Position
from stationdesk.core.text import clean
from stationdesk.sheets.open_formats.listing import Item, ListColumn, Listing

COLUMNS = (
    ListColumn("name", "资源名称"),
    ListColumn("offer_text", "能提供什么"),
    ListColumn("phone", "电话"),
    ListColumn("process", "办理流程"),
    ListColumn("groups", "适用对象"),
)


def stored(text: str) -> str:
    """A text as the station stores it."""
    return clean(text).strip()


def listing(*rows: dict[str, str], places: tuple[Position | None, ...] = ()) -> Listing:
    """A list of resources with these texts by field key, at these places."""
    at = (*places, *(None for _row in range(len(rows) - len(places))))
    items = tuple(Item(new_key(), row, place) for row, place in zip(rows, at, strict=True))
    return Listing("柳河镇资源目录", COLUMNS, items, "name", "柳河镇社工站", "2026-11-22")


texts = st.text(max_size=40).map(stored)
_degrees = st.floats(min_value=-80, max_value=80, allow_nan=False).map(lambda value: round(value, 7) + 0.0)
placed_positions = st.builds(Position, _degrees, _degrees)
positions = st.none() | placed_positions


@st.composite
def listings(draw: st.DrawFn, *, placed: bool = False) -> Listing:
    """A list of some things with all kinds of texts; `placed` ones all have a place."""
    rows, places = [], []
    for _item in range(draw(st.integers(min_value=1, max_value=4))):
        name = draw(texts.filter(bool))
        more = {column.key: draw(texts) for column in COLUMNS[1:]}
        rows.append({"name": name, **{key: text for key, text in more.items() if text}})
        places.append(draw(placed_positions if placed else positions))
    return listing(*rows, places=tuple(places))


def expected(told: Listing) -> list[dict[str, object]]:
    """What must come back: texts by label, and the place."""
    labels = {column.key: column.label for column in told.columns}
    found: list[dict[str, object]] = []
    for item in told.items:
        row: dict[str, object] = {labels[key]: text for key, text in item.texts.items()}
        if item.place is not None:
            row |= {"纬度（WGS-84）": item.place.lat, "经度（WGS-84）": item.place.lon}
        found.append(row)
    return found
