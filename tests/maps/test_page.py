from __future__ import annotations

import base64
import hashlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

from stationdesk.maps import page


def test_the_page_names_no_address_but_ours() -> None:
    html = page.map_page()
    addresses = re.findall(r"(?:src|href)=\"([^\"]*)\"", html)
    assert len(addresses) >= 10
    assert all(address.startswith(page.ORIGIN + "/") for address in addresses)
    assert "http:" not in html
    assert "https:" not in html


def test_the_page_takes_nothing_from_a_station_and_is_always_the_same() -> None:
    assert not inspect.signature(page.map_page).parameters
    again = subprocess.run(
        [sys.executable, "-c", "from stationdesk.maps.page import map_page; print(map_page(), end='')"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert again.stdout == page.map_page()


def test_what_is_on_the_map_is_written_without_folium_or_qt_in_reach() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, stationdesk.maps.layers as l; print({'folium', 'jinja2', 'PySide6'} & set(sys.modules))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert seen.stdout.strip() == "set()"


def test_the_policy_lets_in_our_own_scripts_and_no_other() -> None:
    html = page.map_page()
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    for text in re.findall(r"<script>(.*?)</script>", html, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    # The policy has to stand before the first script that it is to judge.
    assert html.index("Content-Security-Policy") < html.index("<script")


def test_the_page_brings_no_library_that_it_does_not_use() -> None:
    html = page.map_page().lower()
    for name in ("jquery", "bootstrap", "fontawesome", "awesome", "glyphicon"):
        assert name not in html


def test_every_script_of_the_page_is_on_it_and_is_carried_along() -> None:
    html = page.map_page()
    folder = Path(page.__file__).with_suffix("")
    carried = (folder.parent.parent.parent / "resources.qrc").read_text(encoding="utf-8")
    scripts = sorted(each.name for each in folder.glob("*.js"))
    assert len(scripts) >= 15
    for name in scripts:
        assert f"{page.ORIGIN}/page/{name}" in html
        assert f">stationdesk/maps/page/{name}</file>" in carried
        assert f"stationdesk.{name.removesuffix('.js')}(" in html
