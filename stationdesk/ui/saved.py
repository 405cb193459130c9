"""What is said when a file was saved: its name, and the two ways to go on, the folder and the file itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from stationdesk.core.messages import _
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.theme import Look


class SavedBar(Bar):
    """A bar for what became of a file, or of a folder of files. The buttons are there only where one was saved."""

    def __init__(self, look: Look, parent: QWidget | None = None, name: str = "saved") -> None:
        super().__init__(look, parent, name)
        self.path: Path | None = None
        self._folder = self.add_button(_("打开文件夹"), f"{name}_open_folder")
        look.set_icon(self._folder, "folder-open")
        self._file = self.add_button(_("打开文件"), f"{name}_open_file")
        look.set_icon(self._file, "external-link")
        self._folder.clicked.connect(lambda _on: self._open(folder=True))
        self._file.clicked.connect(lambda _on: self._open(folder=False))
        self.add_close()
        self._offer(None)
        self.hide()

    def say_saved(self, path: Path, words: str, weight: Weight = Weight.GOOD) -> None:
        """Say that a file was saved, and offer to open it."""
        self._offer(path)
        self.say(words, weight)

    def refuse(self, words: str) -> None:
        """Say why no file was saved."""
        self.tell(words, Weight.BAD)

    def tell(self, words: str, weight: Weight) -> None:
        """Say something that has no file to open."""
        self._offer(None)
        self.say(words, weight)

    def _offer(self, path: Path | None) -> None:
        self.path = path
        self._folder.setVisible(path is not None)
        self._file.setVisible(path is not None and not path.is_dir())

    def _open(self, *, folder: bool) -> None:
        if self.path is None:
            return
        wanted = self.path.parent if folder and not self.path.is_dir() else self.path
        if not wanted.exists():
            self.refuse(_("“{name}”已经不在那里了。U 盘可能拔掉了。").format(name=wanted.name))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(wanted)))


class Folders:
    """The folder that each kind of file was saved in the last time, kept on this computer and not in the station."""

    def __init__(self, preferences: Preferences, first: Path) -> None:
        self._preferences = preferences
        self._first = first

    def of(self, kind: str) -> Path:
        """Where to propose to save; the station's own folder where none was chosen or a stick is gone."""
        last = self._preferences.text(f"{kind}_folder")
        return Path(last) if last and Path(last).is_dir() else self._first

    def keep(self, kind: str, path: Path) -> None:
        """Remember the folder of a file that was saved."""
        if self._preferences.text(f"{kind}_folder") != str(path.parent):
            self._preferences.keep(**{f"{kind}_folder": str(path.parent)})
