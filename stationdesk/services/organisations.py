"""What an organisation's figures and days must obey."""

from __future__ import annotations

from stationdesk.core.changes import Change
from stationdesk.db.writing import Work
from stationdesk.services.rules import check_not_negative, check_order, whole


def checked_organisation(work: Work, change: Change) -> list[Change]:
    """Members are counted, and an agreement begins before it ends."""
    values = whole(work, change)
    check_not_negative("organisation", values, "members")
    check_order("organisation", values, "agreement_from", "agreement_to")
    return [change]
