"""The county's own forms (上报模板): taught once, kept with the station, filled for any month, exchanged as files."""

from __future__ import annotations

from stationdesk.services.templates.exchange import (
    export_template,
    import_template,
    read_exchange,
    write_exchange,
)
from stationdesk.services.templates.filling import FillReport, Preview, fill, fill_given, preview
from stationdesk.services.templates.keeping import (
    Kept,
    edit_template,
    kept_template,
    remove_template,
    save_template,
    templates_of,
)
from stationdesk.services.templates.proposals import Proposal, again, propose
from stationdesk.services.templates.sources import sources_of
from stationdesk.services.templates.taught import Taught
from stationdesk.services.templates.writing import MOST_CARDS

__all__ = [
    "MOST_CARDS",
    "FillReport",
    "Kept",
    "Preview",
    "Proposal",
    "Taught",
    "again",
    "edit_template",
    "export_template",
    "fill",
    "fill_given",
    "import_template",
    "kept_template",
    "preview",
    "propose",
    "read_exchange",
    "remove_template",
    "save_template",
    "sources_of",
    "templates_of",
    "write_exchange",
]
