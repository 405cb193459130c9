"""Lists as they are filtered now: to a workbook, to paper, to the clipboard of an office program."""

from stationdesk.services.lists.choosing import TITLES, ListOut
from stationdesk.services.lists.export import ListReport, export_list, list_name
from stationdesk.services.lists.printing import PAPER, PrintedList, log_given, print_list, save_printed
from stationdesk.sheets.leaks import PersonalNumber

__all__ = [
    "PAPER",
    "TITLES",
    "ListOut",
    "ListReport",
    "PersonalNumber",
    "PrintedList",
    "export_list",
    "list_name",
    "log_given",
    "print_list",
    "save_printed",
]
