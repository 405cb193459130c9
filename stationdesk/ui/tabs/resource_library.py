"""资源库: the resources, and the organisations that provide them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stationdesk.core.messages import _
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.organisations import OrganisationPage
from stationdesk.ui.tabs.resources import ResourcePage
from stationdesk.ui.tabs.switched import SwitchedTab


class ResourcesTab(SwitchedTab):
    """What the station can call on, and whom."""

    handout_wanted = Signal()
    """Make the hand-out map."""
    find_resources = Signal(str)
    """Look for resources for a need, by key."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        self.resources = ResourcePage(kit)
        self.organisations = OrganisationPage(kit)
        pages = ((_("资源"), self.resources), (_("组织"), self.organisations))
        super().__init__("resources", kit, pages, parent)
        self.resources.handout_wanted.connect(self.handout_wanted)
        self.resources.find_resources.connect(self.find_resources)
