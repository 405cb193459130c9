"""What a new station still has to be told before it can work: the steps that the first screen offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from stationdesk.db.models import Feature, Household, Resource, Station, Village, Worker
from stationdesk.services.store import Store


class BeginningStep(StrEnum):
    """A thing to do first, in the order in which the later ones rest on the earlier."""

    VILLAGES = "villages"
    ROSTER = "roster"
    PLACE = "place"
    WORKERS = "workers"
    RESOURCES = "resources"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far a station has come: for each step, how many records there are."""

    counts: dict[BeginningStep, int]

    def has_done(self, step: BeginningStep) -> bool:
        """Whether a step is done. The first worker made the station; the step is to add the others."""
        return self.counts[step] > (1 if step is BeginningStep.WORKERS else 0)

    @property
    def is_over(self) -> bool:
        """Whether the station can work: it knows where, for whom, and with what."""
        needed = (BeginningStep.VILLAGES, BeginningStep.ROSTER, BeginningStep.RESOURCES)
        return all(self.has_done(step) for step in needed)


def beginning_of(store: Store) -> Beginning:
    """How far the station has come."""
    rows = {
        BeginningStep.VILLAGES: select(func.count()).select_from(Village),
        BeginningStep.ROSTER: select(func.count()).select_from(Household),
        BeginningStep.PLACE: select(func.count()).select_from(Station).where(Station.latitude.is_not(None)),
        BeginningStep.WORKERS: select(func.count()).select_from(Worker),
        BeginningStep.RESOURCES: select(func.count()).select_from(Resource),
        BeginningStep.MAP: select(func.count()).select_from(Feature),
    }
    with store.reading() as session:
        return Beginning({step: session.scalar(query) or 0 for step, query in rows.items()})
