"""一户一档, 一人一档 and 走访单: single files of the station on paper, for the station itself."""

from stationdesk.services.cards.choosing import CardKind, CardsOut, cards_in, cards_of, slips_due
from stationdesk.services.cards.making import (
    PrintedCards,
    cards_name,
    log_given,
    paper_of,
    print_cards,
    save_cards,
)

__all__ = [
    "CardKind",
    "CardsOut",
    "PrintedCards",
    "cards_in",
    "cards_name",
    "cards_of",
    "log_given",
    "paper_of",
    "print_cards",
    "save_cards",
    "slips_due",
]
