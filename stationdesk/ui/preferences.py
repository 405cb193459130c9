"""What the window remembers on this computer: colours, size, language, columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stationdesk.core.files import write_bytes_safely


class Preferences:
    """A small JSON file. A damaged one is as good as none: everything in it can be chosen again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._values: dict[str, Any] = _read(file)

    def text(self, name: str, default: str = "") -> str:
        """A remembered text."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: int) -> int:
        """A remembered whole number."""
        value = self._values.get(name, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def numbers(self, name: str) -> Mapping[str, int]:
        """Remembered whole numbers by name, such as the widths of columns."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            return {}
        return {str(key): each for key, each in value.items() if isinstance(each, int)}

    def texts(self, name: str) -> Mapping[str, str]:
        """Remembered texts by name, such as what the stations are called."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            return {}
        return {str(key): each for key, each in value.items() if isinstance(each, str)}

    def keep(self, **values: str | int | Mapping[str, int] | Mapping[str, str]) -> None:
        """Remember, and write the file."""
        self._values.update({name: dict(v) if isinstance(v, Mapping) else v for name, v in values.items()})
        self._file.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps(self._values, ensure_ascii=False, indent=1, sort_keys=True)
        write_bytes_safely(self._file, content.encode("utf-8"))


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
