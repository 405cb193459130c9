"""The one search box: people, resources, needs, places by any piece of their text."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, select, text

from stationdesk.core.fields import Key
from stationdesk.db.models.audit import SearchDocument
from stationdesk.db.search import SEARCHED, matching
from stationdesk.services.book import titles_of
from stationdesk.services.listing import subtitles_of
from stationdesk.services.store import Store


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and the words that tell it from its namesakes."""

    record: str
    key: Key
    title: str
    subtitle: str


def search(store: Store, words: str, limit: int = 30) -> tuple[Hit, ...]:
    """Records in which every word is found: any piece of a name, pinyin initials, a village, digits.

    Kinds of record come in a fixed order, within a kind the newest first.
    """
    found = matching(words)
    if found is None:
        return ()
    sql, values = found
    rank = case({record: place for place, record in enumerate(SEARCHED)}, value=SearchDocument.record)
    query = (
        select(SearchDocument.record, SearchDocument.record_key)
        .where(text(f"search_document.id IN ({sql})").bindparams(**values))
        .order_by(rank, SearchDocument.id.desc())
        .limit(limit)
    )
    with store.reading() as session:
        rows = session.execute(query).all()
        titles: dict[tuple[str, str], str] = {}
        more: dict[Key, str] = {}
        for record in dict.fromkeys(row.record for row in rows):
            keys = [Key(row.record_key) for row in rows if row.record == record]
            titles |= titles_of(session, record, keys)
            more |= subtitles_of(session, record, keys)
    return tuple(
        Hit(
            row.record,
            Key(row.record_key),
            titles.get((row.record, row.record_key), ""),
            more.get(row.record_key, ""),
        )
        for row in rows
    )
