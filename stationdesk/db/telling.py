"""Which of the station's own fields are told: those of the station in whose file one reads or writes.

What the station adds itself stands in its file, so it is known only while that file is open. Whoever asks
inside a session of a store is told the fields of that store, whatever else is open; whoever asks outside of
one (a form that is built, a filter that is put together) is told those of the station opened last, which in
the program is the only one.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from stationdesk.core.fields import Field

P = ParamSpec("P")
T = TypeVar("T")

_KEPT = 512
"""Answers of one function that are kept: a few for each kind of record."""


class OwnFields:
    """The own fields of one station as they are at a moment; compared by identity, so that answers can be kept."""

    def __init__(self, by_record: Mapping[str, tuple[Field, ...]]) -> None:
        self._by_record = dict(by_record)

    def of(self, record: str) -> tuple[Field, ...]:
        """The own fields of a kind of record, in the order in which the worker put them, hidden ones too."""
        return self._by_record.get(record, ())


NONE = OwnFields({})
"""What a program tells that has no station open."""


class Teller:
    """What an open station tells those who ask outside of a session, from its opening until `end`."""

    def __init__(self) -> None:
        self.own = NONE
        self.known = False
        """Whether the fields were read from the file yet."""
        _OPEN.append(weakref.ref(self))

    def tell(self, own: OwnFields) -> None:
        """Tell these fields from here on."""
        self.own, self.known = own, True

    def end(self) -> None:
        """Tell nothing any more: the station is closed."""
        _OPEN[:] = [each for each in _OPEN if each() not in (None, self)]


_OPEN: list[weakref.ref[Teller]] = []
_HERE: ContextVar[OwnFields | None] = ContextVar("own fields of the session", default=None)


def own_fields() -> OwnFields:
    """The own fields that are told here and now."""
    here = _HERE.get()
    if here is not None:
        return here
    for each in reversed(_OPEN):
        teller = each()
        if teller is not None:
            return teller.own
    return NONE


@contextmanager
def telling(own: OwnFields) -> Iterator[None]:
    """Within, these fields are told on this thread."""
    token = _HERE.set(own)
    try:
        yield
    finally:
        _HERE.reset(token)


def tell_here(own: OwnFields) -> None:
    """Within the present `telling`, tell these fields from here on: they were changed by the transaction itself."""
    if _HERE.get() is None:
        raise RuntimeError("no session tells its fields here")
    _HERE.set(own)


def kept_while_told(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function makes of the fields, as `functools.cache` does, until other fields are told."""

    @lru_cache(maxsize=_KEPT)
    def kept(own: OwnFields, *args: P.args, **keywords: P.kwargs) -> T:
        with telling(own):
            return function(*args, **keywords)

    @wraps(function)
    def asked(*args: P.args, **keywords: P.kwargs) -> T:
        answer: T = cast("Any", kept)(own_fields(), *args, **keywords)
        return answer

    return asked
