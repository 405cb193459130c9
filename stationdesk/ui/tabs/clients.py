"""服务对象: households, the people in them, and the villages they live in."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from stationdesk.core.messages import _
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.households import HouseholdPage
from stationdesk.ui.tabs.people import PersonPage
from stationdesk.ui.tabs.switched import SwitchedTab
from stationdesk.ui.tabs.villages import VillagePage


class ClientsTab(SwitchedTab):
    """Whom the station serves, and where."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        self.households = HouseholdPage(kit)
        self.people = PersonPage(kit)
        self.villages = VillagePage(kit)
        pages = ((_("户"), self.households), (_("人"), self.people), (_("村居"), self.villages))
        super().__init__("clients", kit, pages, parent)
