"""Exchange with other programs: a list out in an open format, and doubts about the datum of one that comes in."""

from stationdesk.services.exchange.export import EXPORTED, Exported, LeftBehind, export_list, file_name
from stationdesk.services.exchange.shift import Shift, suspected_shift
from stationdesk.sheets.leaks import PersonalNumber
from stationdesk.sheets.open_formats.formats import Format

__all__ = [
    "EXPORTED",
    "Exported",
    "Format",
    "LeftBehind",
    "PersonalNumber",
    "Shift",
    "export_list",
    "file_name",
    "suspected_shift",
]
