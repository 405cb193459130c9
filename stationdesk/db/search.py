"""The search index: one row of text for each record, kept by the one door.

Every letter, digit and Chinese character is a word of its own, so that a phrase finds any piece of any
length, as LIKE does; numbers of people (ID cards, phones) are indexed by threes for the same reason;
names also by their pinyin initials and syllables.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, delete, select, text

from stationdesk.core.changes import Change
from stationdesk.core.fields import Field, Key, Search, plain_text
from stationdesk.core.pinyin import initials, syllables
from stationdesk.core.text import clean
from stationdesk.db.base import field_map, own_names, table_of
from stationdesk.db.models import RECORDS
from stationdesk.db.models.audit import SearchDocument
from stationdesk.db.telling import kept_while_told

SEARCHED = ("resource", "person", "household", "need", "village", "organisation", "feature", "match", "visit")
"""The records that the one search box finds, in the order in which it lists them."""

SCHEMA = (
    """
    CREATE VIRTUAL TABLE search_words USING fts5(
        words, sounds, content='', contentless_delete=1,
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4'
    )""",
    """
    CREATE VIRTUAL TABLE search_digits USING fts5(
        digits, content='', contentless_delete=1, tokenize='trigram'
    )""",
)
"""The full-text tables beside `search_document`; made by the first migration."""

_INSERTS = {
    "INSERT INTO search_document(id, record, record_key, text, digits) VALUES (?, ?, ?, ?, ?)": (
        *("record", "record_key", "text", "digits"),
    ),
    "INSERT INTO search_words(rowid, words, sounds) VALUES (?, ?, ?)": ("words", "sounds"),
    "INSERT INTO search_digits(rowid, digits) VALUES (?, ?)": ("digits",),
}
# Statements are made once, and the keys given to them: one made with its keys is freed by the next collection only,
# and there is none during an import.
_THESE: BindParameter[Any] = bindparam("keys", expanding=True)
_OLD = select(SearchDocument.id).where(
    SearchDocument.record == bindparam("record"), SearchDocument.record_key.in_(_THESE)
)
_HIGHEST = text("SELECT coalesce(max(id), 0) FROM search_document")

_CHUNK = 500
_LEAST_TRIGRAM = 3
_MOST_WORDS = 32  # SQLite joins no more than 500 questions
_LONGEST_WORD = 64  # a phrase of thousands of signs takes minutes; what begins with it is found


def flat(words: str) -> str:
    """The form in which text is compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).lower())


def unigrams(words: str) -> str:
    """Every letter, digit and character as a word of its own; all else only separates."""
    return _apart(flat(words))


def _apart(flattened: str) -> str:
    return " ".join(filter(str.isalnum, flattened))


def follow(connection: Connection, changes: Sequence[Change]) -> None:
    """Bring the index up to the changes, and to the records that show a changed one's name or a code's new label."""
    relabelled = _relabelled(connection, changes)
    renamed: dict[str, dict[Key, None]] = {}
    for change in changes:
        if change.before and change.after and _naming(change.record) & set(change.after):
            renamed.setdefault(change.record, {})[change.key] = None
    for record in RECORDS:
        keys = dict.fromkeys(change.key for change in changes if change.record == record)
        for link in _shown_links(record):
            pointing = dict.fromkeys(
                _pointing(connection, record, link, list(renamed.get(link.spec.link, ())))
            )
            keys |= pointing
            if pointing:
                renamed.setdefault(record, {}).update(pointing)
        if record in SEARCHED:
            keys |= dict.fromkeys(_bearing(connection, record, relabelled))
            for chunk in _chunks(list(keys)):
                _reindex(connection, record, chunk)


def reindex(connection: Connection, record: str, keys: Sequence[Key]) -> None:
    """Bring the index up to records that tell other fields than before."""
    if record in SEARCHED:
        for chunk in _chunks(keys):
            _reindex(connection, record, chunk)


def rebuild(connection: Connection) -> None:
    """Make the whole index anew from the records."""
    connection.execute(text("DELETE FROM search_words"))
    connection.execute(text("DELETE FROM search_digits"))
    connection.execute(delete(SearchDocument))
    for record in SEARCHED:
        keys = connection.execute(select(RECORDS[record].key)).scalars().all()
        for chunk in _chunks(keys):
            _reindex(connection, record, chunk)


def stale_documents(connection: Connection) -> int:
    """How many records the index tells otherwise than they are now, or misses, or tells though they are gone."""
    told = {
        (row.record, row.record_key): (row.text, row.digits)
        for row in connection.execute(
            select(
                SearchDocument.record, SearchDocument.record_key, SearchDocument.text, SearchDocument.digits
            )
        )
    }
    wrong = 0
    for record in SEARCHED:
        keys = connection.execute(select(RECORDS[record].key)).scalars().all()
        for chunk in _chunks(keys):
            for document in _documents(connection, record, chunk):
                found = told.pop((record, document["record_key"]), None)
                wrong += found != (document["text"], document["digits"])
    return wrong + len(told)


def matching(query: str) -> tuple[str, dict[str, Any]] | None:
    """SQL for the ids of the documents that hold every word of the query, and its parameters.

    None when there is nothing to look for.
    """
    parts: list[str] = []
    values: dict[str, Any] = {}
    # Cleaned as at entry: what is pasted may hold halves of signs, which no text of the file does.
    looked_for = list(dict.fromkeys(flat(clean(query)).split()))[:_MOST_WORDS]
    for number, word in enumerate(each[:_LONGEST_WORD] for each in looked_for):
        name = f"word_{number}"
        part, value = _one_word(word, name)
        parts.append(part)
        values |= value
    return (" INTERSECT ".join(parts), values) if parts else None


def _one_word(word: str, name: str) -> tuple[str, dict[str, Any]]:
    pieces = unigrams(word)
    if not pieces:  # only signs: nothing is indexed for those
        return f"SELECT id FROM search_document WHERE instr(text, :{name}) > 0", {name: word}  # noqa: S608
    found = f"SELECT rowid FROM search_words WHERE search_words MATCH :{name}"  # noqa: S608 - name is ours
    if word.isascii() and word.isalpha():
        return found, {name: f'words : "{pieces}" OR sounds : {word} *'}
    number = "".join(sign for sign in word if sign.isalnum())
    if not (number.isascii() and any(sign.isdigit() for sign in number)):
        return found, {name: f'words : "{pieces}"'}
    # A piece of an ID card (its last sign may be an X) or of a phone, written with or without hyphens.
    if len(number) < _LEAST_TRIGRAM:
        more = f"SELECT id FROM search_document WHERE instr(digits, :{name}_d) > 0"  # noqa: S608
        digits = number
    else:
        more = f"SELECT rowid FROM search_digits WHERE search_digits MATCH :{name}_d"  # noqa: S608
        digits = f'"{number}"'
    # A compound cannot be an operand of INTERSECT by itself, hence the outer SELECT.
    return f"SELECT rowid FROM ({found} UNION {more})", {name: f'words : "{pieces}"', f"{name}_d": digits}  # noqa: S608


_SHOWN = frozenset({"village", "household", "person", "organisation", "need", "resource"})


@kept_while_told
def _shown_links(record: str) -> tuple[Field, ...]:
    """The links whose names are part of the text: where somebody lives, whose need it is."""
    return tuple(each for each in field_map(RECORDS[record]).values() if each.spec.link in _SHOWN)


@kept_while_told
def _told(record: str) -> tuple[Field, ...]:
    """The fields whose own values are part of the text."""
    return tuple(each for each in field_map(RECORDS[record]).values() if each.spec.search is not Search.NO)


@kept_while_told
def _naming(record: str) -> frozenset[str]:
    """The fields whose change changes what others show of the record."""
    return (
        frozenset(RECORDS[record].__title__)
        | {each.key for each in _shown_links(record)}
        | {"name", "address"}
    )


def _relabelled(connection: Connection, changes: Iterable[Change]) -> Sequence[Any]:
    """The codes, with their lists, that are called otherwise from here on."""
    keys = [each.key for each in changes if each.record == "code" and each.before and "label" in each.values]
    table = _table("code")
    rows: list[Any] = []
    for chunk in _chunks(keys):
        rows += connection.execute(select(table.c.list, table.c.code).where(table.c.key.in_(chunk)))
    return rows


def _bearing(connection: Connection, record: str, codes: Sequence[Any]) -> Iterator[Key]:
    """The records in whose text the label of one of the codes stands."""
    table = _table(record)
    for told in _told(record):
        wanted = [row.code for row in codes if row.list == told.spec.codes]
        if wanted:
            yield from connection.execute(select(table.c.key).where(table.c[told.key].in_(wanted))).scalars()


def _pointing(connection: Connection, record: str, link: Field, keys: Sequence[Key]) -> Iterator[Key]:
    table = _table(record)
    for chunk in _chunks(keys):
        yield from connection.execute(select(table.c.key).where(table.c[link.key].in_(chunk))).scalars()


def _reindex(connection: Connection, record: str, keys: Sequence[Key]) -> None:
    old = connection.execute(_OLD, {"record": record, "keys": keys}).scalars().all()
    if old:
        gone = [{"id": number} for number in old]
        connection.execute(text("DELETE FROM search_words WHERE rowid = :id"), gone)
        connection.execute(text("DELETE FROM search_digits WHERE rowid = :id"), gone)
        connection.execute(delete(SearchDocument).where(SearchDocument.id.in_(old)))
    documents = list(_documents(connection, record, keys))
    if not documents:
        return
    first = connection.execute(_HIGHEST).scalar_one() + 1
    for statement, names in _INSERTS.items():
        # Rows for the driver take half the time of values by name.
        connection.exec_driver_sql(
            statement,
            [(number, *(each[name] for name in names)) for number, each in enumerate(documents, first)],
        )


def _documents(connection: Connection, record: str, keys: Sequence[Key]) -> Iterator[dict[str, Any]]:
    told = _told(record)
    links = _shown_links(record)
    rows = list(connection.execute(_told_by(record), {"keys": keys}).mappings())
    shown = {link.key: _names(connection, link.spec.link, {row[link.key] for row in rows}) for link in links}
    labels = _labels(connection, {each.spec.codes for each in told if each.spec.codes})
    for row in rows:
        words: list[str] = []
        sounds: list[str] = []
        numbers: list[str] = []
        for each in told:
            value = row[each.key]
            if value is None or value == "":
                continue
            if each.spec.search is Search.DIGITS:
                numbers.append("".join(sign for sign in str(value) if sign.isalnum()))
                continue
            words.append(
                labels.get((each.spec.codes, value), value) if each.spec.codes else plain_text(value)
            )
            if each.spec.search is Search.NAME:
                sounds += _sounds(str(value), person=record == "person")
        words += [shown[link.key].get(row[link.key], "") for link in links]
        flattened = [flat(each) for each in words]
        yield {
            "record": record,
            "record_key": row["key"],
            "text": "\n".join(flattened),
            "words": "\n".join(map(_apart, flattened)),
            "sounds": " ".join(sounds),
            "digits": flat("\n".join(numbers)),
        }


@lru_cache(maxsize=4096)  # names repeat, within an import and between records
def _sounds(name: str, *, person: bool) -> tuple[str, ...]:
    sounds = (*initials(name), syllables(name, person=person).replace(" ", ""))
    return tuple(dict.fromkeys(sound.lower() for sound in sounds if sound))


def _names(connection: Connection, record: str, keys: Iterable[Key | None]) -> dict[Key, str]:
    """What other records show of these: their own name fields and what they in turn are named by."""
    wanted = [key for key in keys if key]
    if not wanted:
        return {}
    names, links, chosen = _named_by(record)
    rows: list[Any] = []
    for chunk in _chunks(wanted):
        rows += connection.execute(chosen, {"keys": chunk}).mappings()
    deeper = {link.key: _names(connection, link.spec.link, {row[link.key] for row in rows}) for link in links}
    return {
        row["key"]: " ".join(
            [plain_text(row[name]) for name in names if row[name]]
            + [deeper[link.key].get(row[link.key], "") for link in links]
        )
        for row in rows
    }


@kept_while_told
def _named_by(record: str) -> tuple[tuple[str, ...], tuple[Field, ...], Select[Any]]:
    """The name fields of a record, the links it is named by in turn, and the statement that reads both."""
    table = _table(record)
    told = dict.fromkeys(name for name in (*own_names(RECORDS[record]), "name", "address") if name in table.c)
    links = tuple(link for link in _shown_links(record) if link.spec.link in {"village", "person"})
    return tuple(told), links, _these(table, [*told, *(link.key for link in links)])


@kept_while_told
def _told_by(record: str) -> Select[Any]:
    """The statement that reads what is part of the text of a record."""
    return _these(_table(record), [each.key for each in (*_told(record), *_shown_links(record))])


def _these(table: Table, names: Iterable[str]) -> Select[Any]:
    columns = (table.c[name] for name in dict.fromkeys(names))
    return select(table.c.key, *columns).where(table.c.key.in_(_THESE))


def _labels(connection: Connection, lists: set[str]) -> dict[tuple[str, str], str]:
    if not lists:
        return {}
    table = _table("code")
    rows = connection.execute(
        select(table.c.list, table.c.code, table.c.label).where(table.c.list.in_(lists))
    )
    return {(row.list, row.code): row.label for row in rows}


def _table(record: str) -> Table:
    return table_of(RECORDS[record])


def _chunks(keys: Sequence[Key]) -> Iterator[list[Key]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
