"""What helps to fill in a form: titles of links, earlier values, and what one field says about others."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from stationdesk.core.fields import Key, Value, Values
from stationdesk.db.base import field_map, table_of
from stationdesk.db.models import RECORDS, Household
from stationdesk.db.search import SEARCHED
from stationdesk.services import households
from stationdesk.services.book import titles_of
from stationdesk.services.listing import Filter, Pick, Query, keys_of, pick, subtitles_of
from stationdesk.services.store import Store

_SUGGESTED = 12


def title_of(store: Store, record: str, key: Key) -> str:
    """What a record is called in a form, a household with its village; empty when it is gone.

    Neither the head's name nor the address is told: both are masked in the form until they are revealed.
    """
    with store.reading() as session:
        title = titles_of(session, record, [key]).get((record, key), "")
        home = session.get(Household, key) if record == "household" else None
        village = home.village_key if home is not None else None
        more = titles_of(session, "village", [village]).get(("village", village), "") if village else ""
    return f"{title}（{more}）" if title and more else title


def pick_near(
    store: Store, record: str, words: str, limit: int, near: Filter | None = None
) -> tuple[Pick, ...]:
    """Records that a link may point to, those that `near` holds for first: the members of the chosen household.

    Without words only those are offered, where there are any.
    """
    if near is None:
        return pick(store, record, words, limit)
    searched = words if record in SEARCHED else ""
    own = keys_of(store, Query(record, searched, (near,)))[:limit]
    rest = pick(store, record, words, limit) if words or not own else ()
    with store.reading() as session:
        titles = titles_of(session, record, own)
        more = subtitles_of(session, record, own)
    first = [Pick(key, titles.get((record, key), ""), more.get(key, "")) for key in own]
    if words and not searched:
        first = [each for each in first if each.key in {found.key for found in rest}]
    known = {each.key for each in first}
    return (*first, *(each for each in rest if each.key not in known))[:limit]


def suggest(store: Store, record: str, key: str, beginning: str) -> tuple[str, ...]:
    """Earlier values of a suggested text that hold `beginning`, the most frequent first."""
    model = RECORDS[record]
    if key not in field_map(model):
        raise KeyError(f"{record}.{key}")
    column = table_of(model).c[key]
    query = select(column).where(column.is_not(None), column != "").group_by(column)
    if beginning:
        query = query.where(func.instr(column, beginning) > 0)
    with store.reading() as session:
        return tuple(session.scalars(query.order_by(func.count().desc(), column).limit(_SUGGESTED)))


def follow(record: str, key: str, value: Value, today: date) -> Values:
    """What a typed value says about other fields of the same record, to be filled where they are empty."""
    return households.proposals(key, value, today) if record == "person" else {}
