"""Where things lie: the layout of a station folder, and the places the program proposes.

A station is a folder and nothing outside it, so that it can be moved, copied and put on another drive. Paths
inside the database are relative to it.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from stationdesk.core.errors import UserError

PROGRAM_NAME = "stationdesk"

# SQLite refuses a file whose path has some 500 bytes or more; a Chinese character takes three.
_MOST_BYTES = 500
_MOST_WINDOWS_CHARACTERS = 259
_LONGEST_INSIDE = "photos/00/0123456789abcdef0123456789abcdef-original.jpeg.part"


@dataclass(frozen=True)
class StationFolder:
    """The folder of one station and the names in it."""

    root: Path

    @property
    def database(self) -> Path:
        """The one SQLite file; while it is open, only SQLite may touch it."""
        return self.root / "station.db"

    @property
    def keys(self) -> Path:
        """The data key, wrapped for each worker; absent in a station without passwords."""
        return self.root / "keys.json"

    @property
    def settings(self) -> Path:
        """Settings of this station that are not records."""
        return self.root / "settings.json"

    @property
    def lock(self) -> Path:
        """The file that `FolderLock(folder.root)` locks."""
        return self.root / "lock"

    @property
    def photos(self) -> Path:
        """Photos, as small as they can be read."""
        return self.root / "photos"

    @property
    def papers(self) -> Path:
        """Scans and other attachments."""
        return self.root / "papers"

    @property
    def maps(self) -> Path:
        """Base maps: tiles, scans and drawings."""
        return self.root / "maps"

    @property
    def backups(self) -> Path:
        """Backups the program makes by itself."""
        return self.root / "backups"

    @property
    def exports(self) -> Path:
        """Where sheets and hand-outs are saved unless another place is chosen."""
        return self.root / "exports"

    @property
    def quarantine(self) -> Path:
        """Files found where they do not belong; moved, never deleted."""
        return self.root / "quarantine"

    @property
    def logs(self) -> Path:
        """The program's log; no personal values."""
        return self.root / "logs"

    @property
    def log_file(self) -> Path:
        """The log of today; older ones lie beside it."""
        return self.logs / f"{PROGRAM_NAME}.log"

    @property
    def is_station(self) -> bool:
        """Whether a station lies here."""
        return self.database.is_file()

    def relative(self, path: Path) -> str:
        """A path inside the station as it is stored: relative, with slashes on every system."""
        return path.relative_to(self.root).as_posix()

    def create(self) -> None:
        """Make the folders of a station, for its owner only; refuses a folder with other things in it.

        Doing it again on a station does no harm.
        """
        check_path_length(self.root)
        if self.root.exists() and not self.root.is_dir():
            raise UserError("“{folder}”是一个文件，不能当作工作站文件夹。请换一个位置。", folder=self.root)
        if not self.is_station and self.root.is_dir() and any(self._foreign()):
            raise UserError("文件夹“{folder}”里已有别的文件。新建工作站请选一个空文件夹。", folder=self.root)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in self._folders():
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise
            raise UserError(
                "没有权限在“{folder}”新建文件夹。请换一个位置。", folder=self.root.parent
            ) from error

    def _folders(self) -> tuple[Path, ...]:
        return (
            self.photos,
            self.papers,
            self.maps,
            self.backups,
            self.exports,
            self.quarantine,
            self.logs,
        )

    def _foreign(self) -> list[Path]:
        """What is there that a station set-up cut short would not have left."""
        own = {*self._folders(), self.lock, self.keys, self.settings}
        return [path for path in self.root.iterdir() if path not in own and path.suffix != ".part"]


def check_path_length(root: Path) -> None:
    """Refuse a station folder whose files would have paths that are too long for SQLite or for Windows."""
    longest = root.absolute() / _LONGEST_INSIDE
    used = len(os.fsencode(longest))
    if used >= _MOST_BYTES or (sys.platform == "win32" and len(str(longest)) > _MOST_WINDOWS_CHARACTERS):
        raise UserError(
            "文件夹的路径太长，数据库打不开：{folder}（{used} 字节，每个汉字占 3 字节，最多 {most}）。"
            "请选一个层数少、名字短的位置。",
            folder=root,
            used=used - len(_LONGEST_INSIDE) - 1,
            most=_MOST_BYTES - len(_LONGEST_INSIDE) - 2,
        )


def default_station_place() -> Path:
    """Where a new station is proposed: under the home folder, not in Documents, which clouds like to copy."""
    return Path.home() / "社工站数据"


def program_settings_folder() -> Path:
    """Where the program keeps what belongs to this computer: which stations were open, language, size."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Roaming") / PROGRAM_NAME
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / PROGRAM_NAME
