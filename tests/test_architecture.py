"""Imports go down only; db, maps and sheets never meet; Qt, SQLAlchemy and Folium stay where they belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "stationdesk"

# Who may import what of ours. A name stands for all below it; for an importer the longest name counts.
ALLOWED = {
    "stationdesk": set[str](),
    "stationdesk.__main__": {"stationdesk.cli"},
    "stationdesk.app": {"stationdesk"},
    "stationdesk.cli": {"stationdesk"},
    "stationdesk.cli_basemaps": {"stationdesk"},
    "stationdesk.cli_ledger": {"stationdesk"},
    "stationdesk.cli_forms": {"stationdesk"},
    "stationdesk.cli_fields": {"stationdesk"},
    "stationdesk.cli_exchange": {"stationdesk"},
    "stationdesk.cli_cards": {"stationdesk"},
    "stationdesk.cli_sheets": {"stationdesk"},
    "stationdesk.cli_atlas": {"stationdesk"},
    "stationdesk.cli_field_sheets": {"stationdesk"},
    "stationdesk.cli_walk": {"stationdesk"},
    "stationdesk.demo": {"stationdesk"},
    "stationdesk.core": {"stationdesk.core"},
    "stationdesk.db": {"stationdesk.core", "stationdesk.db"},
    "stationdesk.maps": {"stationdesk.core", "stationdesk.maps"},
    "stationdesk.sheets": {"stationdesk.core", "stationdesk.sheets"},
    "stationdesk.services": {
        "stationdesk.core",
        "stationdesk.db",
        "stationdesk.maps",
        "stationdesk.sheets",
        "stationdesk.services",
    },
    # ui may name record types and read their fields, and never opens a session.
    "stationdesk.ui": {
        "stationdesk.core",
        "stationdesk.services",
        "stationdesk.ui",
        "stationdesk.db.models",
        "stationdesk.db.base.fields_of",
    },
}
# The web view serves the map's page and speaks its JSON; the rest of the window knows neither.
ALLOWED["stationdesk.ui.web"] = ALLOWED["stationdesk.ui"] | {"stationdesk.maps"}

# Where a library of others may be imported at all.
KEPT_IN = {
    "PySide6": {"stationdesk.ui", "stationdesk.app", "stationdesk.cli"},
    "shiboken6": {"stationdesk.ui"},
    "sqlalchemy": {"stationdesk.db", "stationdesk.services"},
    "alembic": {"stationdesk.db"},
    "sqlcipher3": {"stationdesk.db"},
    "argon2": {"stationdesk.db"},
    "folium": {"stationdesk.maps"},
    "branca": {"stationdesk.maps"},
    "jinja2": {"stationdesk.maps"},
    "openpyxl": {"stationdesk.sheets"},
    "python_calamine": {"stationdesk.sheets"},
    "docx": {"stationdesk.sheets"},
    "msoffcrypto": {"stationdesk.sheets"},
    "xlrd": {"stationdesk.sheets"},
    "osmium": {"stationdesk.maps"},
    "PIL": {"stationdesk.maps"},
    "pmtiles": {"stationdesk.maps"},
    "pyproj": {"stationdesk.maps"},
    "shapefile": {"stationdesk.maps"},
    "numpy": {"stationdesk.maps"},
    "zxingcpp": {"stationdesk.maps"},
}


def _below(name: str, top: str) -> bool:
    return name == top or name.startswith(f"{top}.")


def _imports(source: str, module: str, *, is_package: bool) -> Iterator[str]:
    """Every dotted name that the source imports, wherever in the file; `from a import b` gives a.b."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                kept = parts[: len(parts) - node.level + is_package]
                base = ".".join([*kept, *filter(None, [base])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """What the table forbids to `module`, as sentences."""
    importer = max((name for name in ALLOWED if _below(module, name)), key=len)
    found = []
    for name in _imports(source, module, is_package=is_package):
        if _below(name, "stationdesk"):
            # The version in the package's own __init__ is for everybody.
            if name == "stationdesk.__version__":
                continue
            if not any(_below(name, top) for top in ALLOWED[importer]):
                found.append(f"{module} imports {name}")
        for library, homes in KEPT_IN.items():
            if _below(name, library) and not any(_below(module, home) for home in homes):
                found.append(f"{module} imports {name}, which belongs to {', '.join(sorted(homes))}")
    return found


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ["stationdesk", *path.relative_to(PACKAGE).with_suffix("").parts]
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def test_every_import_points_down() -> None:
    found = [
        sentence
        for module, path in _modules()
        for sentence in violations(
            path.read_text(encoding="utf-8"), module, is_package=path.name == "__init__.py"
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("stationdesk.core.text", "import stationdesk.db.models"),
        ("stationdesk.core.text", "from PySide6.QtCore import Qt"),
        ("stationdesk.core.text", "from stationdesk import services"),
        ("stationdesk.core.text", "def late():\n    from ..db import models"),
        ("stationdesk.db.engine", "from stationdesk.maps.page import page"),
        ("stationdesk.maps.page", "from stationdesk.sheets import workbook"),
        ("stationdesk.maps.page", "if TYPE_CHECKING:\n    from sqlalchemy.orm import Session"),
        ("stationdesk.sheets.workbook", "from stationdesk.db.models import Resource"),
        ("stationdesk.services.needs", "from stationdesk.ui.desk import Desk"),
        ("stationdesk.services.needs", "import PySide6.QtWidgets"),
        ("stationdesk.services.needs", "import folium"),
        ("stationdesk.ui.tabs.needs", "from stationdesk.db.engine import open_store"),
        ("stationdesk.ui.tabs.needs", "from stationdesk.db.base import session"),
        ("stationdesk.ui.tabs.needs", "import sqlalchemy"),
        ("stationdesk.ui.tabs.needs", "from stationdesk.maps import page"),
        ("stationdesk.ui.tabs.needs", "from stationdesk.app import main"),
    ],
)
def test_a_planted_violation_is_seen(module: str, source: str) -> None:
    assert violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "stationdesk.core.text",
            "import unicodedata\nfrom . import errors\nfrom stationdesk.core.errors import UserError",
        ),
        ("stationdesk.db.models.people", "from ..base import field\nfrom sqlalchemy.orm import relationship"),
        (
            "stationdesk.services.needs",
            "from stationdesk.db.models import Need\nfrom stationdesk.maps.layers import layer",
        ),
        (
            "stationdesk.ui.tabs.needs",
            "from stationdesk.db.models import Need\nfrom stationdesk.db.base import fields_of",
        ),
        ("stationdesk.ui.about", "from stationdesk import __version__"),
        (
            "stationdesk.app",
            "from stationdesk.ui.main_window import MainWindow\nfrom stationdesk.db.engine import open_store",
        ),
    ],
)
def test_what_the_picture_allows_is_allowed(module: str, source: str) -> None:
    assert not violations(source, module)
