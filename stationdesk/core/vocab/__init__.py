"""Vocabularies: what code branches on as enums, every other list as seeds of the code table."""

from __future__ import annotations

from stationdesk.core.vocab.basemaps import BasemapKind
from stationdesk.core.vocab.choice import Choice
from stationdesk.core.vocab.lists import CODE_LISTS, seeds
from stationdesk.core.vocab.needs import (
    MATCH_TRANSITIONS,
    Bradshaw,
    MatchMethod,
    MatchState,
    NeedResult,
    NeedStatus,
    NeedSubject,
    Urgency,
)
from stationdesk.core.vocab.paperwork import FormMedium, MonthState, OwnGuard, OwnKind
from stationdesk.core.vocab.people import (
    ConsentBy,
    ConsentScope,
    ConsentState,
    FollowLevel,
    HouseholdStatus,
    PersonStatus,
    Privacy,
    Sex,
    VisitMethod,
    VisitOutcome,
)
from stationdesk.core.vocab.resources import (
    CapacityPer,
    ContactPublic,
    Dimension,
    Formality,
    Locus,
    MapClass,
    ResourceStatus,
    StateOfUse,
)
from stationdesk.core.vocab.seed import Seed
from stationdesk.core.vocab.sheets import IndexOrder, MapLevel, SheetChange, SheetForm, SheetKind
from stationdesk.core.vocab.station import Audience, Datum, DatumOrigin, Precision, Role

__all__ = [
    "CODE_LISTS",
    "MATCH_TRANSITIONS",
    "Audience",
    "BasemapKind",
    "Bradshaw",
    "CapacityPer",
    "Choice",
    "ConsentBy",
    "ConsentScope",
    "ConsentState",
    "ContactPublic",
    "Datum",
    "DatumOrigin",
    "Dimension",
    "FollowLevel",
    "FormMedium",
    "Formality",
    "HouseholdStatus",
    "IndexOrder",
    "Locus",
    "MapClass",
    "MapLevel",
    "MatchMethod",
    "MatchState",
    "MonthState",
    "NeedResult",
    "NeedStatus",
    "NeedSubject",
    "OwnGuard",
    "OwnKind",
    "PersonStatus",
    "Precision",
    "Privacy",
    "ResourceStatus",
    "Role",
    "Seed",
    "Sex",
    "SheetChange",
    "SheetForm",
    "SheetKind",
    "StateOfUse",
    "Urgency",
    "VisitMethod",
    "VisitOutcome",
    "seeds",
]
