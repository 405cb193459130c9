"""Pictures of the main screens, for the demo and the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.services.store import Store
from stationdesk.ui.application import make_application
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.headless import wait_until
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.theme import Look, Theme

SIZE = (1366, 768)
TABS = ("home", "resources", "needs", "clients", "matching", "visits", "map", "ledgers")


def take_pictures(
    store: Store, folder: Path, theme: Theme = Theme.LIGHT, size: tuple[int, int] = SIZE
) -> Iterator[Path]:
    """A picture of each tab, at the size of the station's laptop; yields each file as it is written.

    Raises:
        UserError: a picture could not be written.
    """
    look = Look(make_application(), theme)
    window = compose(store, look, Preferences(folder / "window.json"))
    frame = window.frame
    frame.resize(*size)
    frame.show()
    window.begin(None)
    for place, name in enumerate(TABS, 1):
        page = frame.show_tab(name)
        _settle(window, page)
        page.show_first()
        _settle(window, page)
        target = folder / f"{place}-{name}.png"
        if not frame.grab().save(str(target)):
            raise UserError(
                "画面“{name}”没有保存。请检查文件夹“{folder}”能否写入。", name=target.name, folder=folder
            )
        yield target
    frame.close()
    wait_until(lambda: not frame.isVisible())
    window.end()


def _settle(window: Window, page: TabPage) -> None:
    """Wait until everything that was asked for has come and is drawn."""
    wait_until(lambda: not window.desk.under_way and page.is_ready)
