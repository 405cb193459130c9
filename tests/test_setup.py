"""The set-up keeps its promises: hashes and no addresses, complete resources, plain words when offline."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PySide6.QtCore import QFile, QIODevice, QResource
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NAMED_FILES = [
    (f"{group.get('prefix')}/{element.get('alias')}", element.text or "")
    for group in etree.parse(ROOT / "resources.qrc").iter("qresource")
    for element in group.iter("file")
]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(lock: Path) -> dict[str, list[str]]:
    """Each `name==version` of a lock with the hashes that follow it."""
    pins: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if begun := re.match(r"([A-Za-z0-9_.-]+==\S+)", line):
            current = pins.setdefault(begun[1], [])
        elif hashed := re.match(r"\s+--hash=sha256:([0-9a-f]{64})", line):
            current.append(hashed[1])
    return pins


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_python_package_carries_hashes(lock: Path) -> None:
    pins = _pins(lock)
    assert pins
    assert [pin for pin, hashes in pins.items() if not hashes] == []


def test_every_locked_npm_package_carries_a_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "sha512-" not in package.get("integrity", "")] == []


@pytest.mark.parametrize(
    "path", [*LOCKS, ROOT / "package-lock.json", ROOT / ".npmrc"], ids=lambda path: path.name
)
def test_no_lock_names_an_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url.*|--find-links.*|\"resolved\".*", text) == []


def test_the_program_runs_with_the_versions_that_are_tested() -> None:
    assert _pins(ROOT / "requirements/run.txt").items() <= _pins(ROOT / "requirements/test.txt").items()


def test_every_package_that_the_build_and_the_program_ask_for_is_locked() -> None:
    project = _project()
    asked = {
        _normal(re.split(r"[<>=;\[ ]", requirement)[0])
        for requirement in [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    }
    locked = {_normal(pin.split("==")[0]) for pin in _pins(ROOT / "requirements/run.txt")}
    assert asked - locked == set()


def test_every_package_that_the_program_imports_is_asked_for_by_name() -> None:
    homes = packages_distributions()
    asked = {_normal(re.split(r"[<>=; ]", each)[0]) for each in _project()["project"]["dependencies"]}
    missing = set()
    for path in (ROOT / "stationdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for top in {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"stationdesk"}:
                if asked.isdisjoint(map(_normal, homes.get(top, []))):
                    missing.add(top)
    assert missing == set()


def test_calls_that_return_nothing_lose_no_reference_to_none(qtbot: QtBot) -> None:
    # PySide6 6.12 on Python 3.10 and 3.11 loses one with every such call and aborts after some 5,300.
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("0")
    before = sys.getrefcount(None)
    for number in range(300):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 50


@pytest.fixture
def resources() -> Iterator[str]:
    """The built resources, mapped below a root of their own so that the program's stay untouched."""
    path = str(ROOT / "stationdesk/resources.rcc")
    assert QResource.registerResource(path, "/probe")
    yield ":/probe"
    assert QResource.unregisterResource(path, "/probe")


def test_the_built_resources_hold_every_file_that_is_named(resources: str) -> None:
    assert len(NAMED_FILES) > 50
    assert [name for name, _ in NAMED_FILES if not QFile(resources + name).exists()] == []


def test_the_built_resources_hold_our_own_files_as_they_are_now(resources: str) -> None:
    def built(name: str) -> bytes:
        file = QFile(resources + name)
        assert file.open(QIODevice.OpenModeFlag.ReadOnly), name
        content = file.readAll().data()
        file.close()
        return bytes(content)

    own = [(name, source) for name, source in NAMED_FILES if not source.startswith("node_modules/")]
    stale = [source for name, source in own if built(name) != (ROOT / source).read_bytes()]
    assert stale == [], "run `python hatch_build.py`"


def test_every_own_file_of_the_page_is_named_in_the_resources() -> None:
    own = {path.relative_to(ROOT).as_posix() for path in (ROOT / "stationdesk/maps/page").rglob("*.[jc]s*")}
    assert own - {source for _, source in NAMED_FILES} == set()


def test_every_npm_package_that_is_taken_comes_with_its_licence() -> None:
    def package(source: str) -> str:
        parts = source.split("/")
        return "/".join(parts[1:3] if parts[1].startswith("@") else parts[1:2])

    taken = {package(source) for _, source in NAMED_FILES if source.startswith("node_modules/")}
    licensed = {package(source) for name, source in NAMED_FILES if name.startswith("/licences/")}
    assert taken == licensed


def _clone_of_the_build(folder: Path) -> Path:
    for name in ("hatch_build.py", "package.json", "package-lock.json", ".npmrc", "resources.qrc"):
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(ROOT / "stationdesk/maps/page", folder / "stationdesk/maps/page")
    return folder


def _built(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "hatch_build.py"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_network_the_build_says_so_in_one_sentence(tmp_path: Path) -> None:
    folder = _clone_of_the_build(tmp_path)
    done = _built(
        folder,
        npm_config_registry="http://127.0.0.1:9",
        npm_config_cache=str(tmp_path / "cache"),
        npm_config_fetch_retries="0",
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "connect this computer to the network" in done.stderr


def test_a_named_file_that_is_missing_is_named_by_the_build(tmp_path: Path) -> None:
    folder = _clone_of_the_build(tmp_path)
    listed = (folder / "resources.qrc").read_text(encoding="utf-8")
    (folder / "resources.qrc").write_text(
        listed.replace(
            "</RCC>", '<qresource prefix="/x"><file alias="y">stationdesk/y.js</file></qresource></RCC>'
        ),
        encoding="utf-8",
    )
    done = _built(folder)
    assert done.returncode == 2
    assert "stationdesk/y.js" in done.stderr


def test_a_second_build_with_nothing_changed_does_nothing() -> None:
    assert _built(ROOT).returncode == 0
    before = (ROOT / "stationdesk/resources.rcc").stat().st_mtime_ns
    done = _built(ROOT)
    assert (done.returncode, done.stdout) == (0, "")
    assert (ROOT / "stationdesk/resources.rcc").stat().st_mtime_ns == before
