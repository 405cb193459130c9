"""How a need or a match stood at the end of a period, where the record tells what became of it later."""

from __future__ import annotations

from datetime import date

from stationdesk.core.fields import Value
from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.services.ledgers import conditions as when

NEED_FIELDS = frozenset({"need.status", "need.closed_on"})
"""What `need_then` looks at."""
MATCH_FIELDS = frozenset(
    {"match.state", "match.done_on", "match.confirmed_on", "match.people", "match.instances", "match.amount"}
)
"""What `match_then` looks at."""

_LATER = ("need.client_words", "need.satisfaction", "need.close_reason", "need.closed_on")
_BENEFIT = ("match.amount", "match.people", "match.instances")


def need_then(values: dict[str, Value], day: date, *, matched: bool) -> None:
    """Take back what became of a need after a day: it was open then."""
    closed = values.get("need.closed_on")
    if closed is not None and closed > day:
        values["need.status"] = NeedStatus.MATCHING if matched else NeedStatus.TO_MATCH
        values.update({name: None for name in _LATER if name in values})


def match_then(values: dict[str, Value], day: date) -> None:
    """Take back what became of a match after a day; one that came to nothing brought nothing.

    Where nobody counted, it was one person once, as in the ledger of links.
    """
    state = values.get("match.state")
    if state in when.GIVEN_UP:
        values.update(dict.fromkeys(_BENEFIT))
        return
    if values.get("match.people") is None:
        values["match.people"] = 1
    if values.get("match.instances") is None:
        values["match.instances"] = values["match.people"]
    done, confirmed = values.get("match.done_on"), values.get("match.confirmed_on")
    if state in when.DONE and done is not None and done > day:
        values["match.state"], values["match.done_on"] = MatchState.SERVING, None
    elif state in when.DONE and confirmed is not None and confirmed > day:
        values["match.state"] = MatchState.DONE
