"""Everything that is offered for the whole township."""

from __future__ import annotations

from stationdesk.services.practice.offers_care import CARE_OFFERS
from stationdesk.services.practice.offers_daily import DAILY_OFFERS
from stationdesk.services.practice.offers_learning import LEARNING_OFFERS
from stationdesk.services.practice.offers_office import OFFICE_OFFERS
from stationdesk.services.practice.offers_together import TOGETHER_OFFERS

TOWN_OFFERS = (*OFFICE_OFFERS, *CARE_OFFERS, *LEARNING_OFFERS, *DAILY_OFFERS, *TOGETHER_OFFERS)
