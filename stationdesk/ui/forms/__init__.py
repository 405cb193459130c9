"""Forms and editors built from fields; none of them names a field."""

from stationdesk.ui.forms.codes import Codes
from stationdesk.ui.forms.editor import Editor, Kit, Unreadable
from stationdesk.ui.forms.form import RecordForm
from stationdesk.ui.forms.lookups import STATION, CodeRow, Lookups, Option, Pick

__all__ = [
    "STATION",
    "CodeRow",
    "Codes",
    "Editor",
    "Kit",
    "Lookups",
    "Option",
    "Pick",
    "RecordForm",
    "Unreadable",
]
