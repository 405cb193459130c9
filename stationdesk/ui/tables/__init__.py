"""Lists of records: windowed by key, sorted and searched in SQL, and the bar that filters them."""

from stationdesk.ui.tables.filters import FilterBar
from stationdesk.ui.tables.source import RecordSource, Source
from stationdesk.ui.tables.table import RecordTable

__all__ = ["FilterBar", "RecordSource", "RecordTable", "Source"]
