"""The colours of the sheet, and the same in black and white for copiers. No transparency: printers differ in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """What each thing is drawn with. `symbols` None: marks in their own colours."""

    text: str
    quiet: str
    rule: str
    shade: str
    water: str
    water_line: str
    water_text: str
    casing: str
    main_road: str
    lane: str
    villages: tuple[str, ...]
    area: str
    area_line: str
    area_text: str
    grid: str
    base_road: str
    base_casing: str
    building: str
    green: str
    symbols: str | None


COLOURS = Ink(
    text="#16181d",
    quiet="#4a4f58",
    rule="#b9bec6",
    shade="#eef0f3",
    water="#bcdcf0",
    water_line="#7fb2d4",
    water_text="#1d5f8c",
    casing="#7d838c",
    main_road="#ffedb8",
    lane="#ffffff",
    villages=("#f1f5e8", "#fbf3e4", "#edf2f8", "#f8eef3", "#eef6f3", "#f6f2ea"),
    area="#dbe9cd",
    area_line="#a8adb5",
    area_text="#6a7079",
    grid="#d8dbe0",
    base_road="#fbfbfb",
    base_casing="#b4b9c0",
    building="#e4dfd8",
    green="#e6f0dc",
    symbols=None,
)

BLACK = Ink(
    text="#000000",
    quiet="#333333",
    rule="#999999",
    shade="#eeeeee",
    water="#d9d9d9",
    water_line="#8c8c8c",
    water_text="#333333",
    casing="#666666",
    main_road="#ffffff",
    lane="#ffffff",
    villages=("#ffffff",),
    area="#efefef",
    area_line="#8c8c8c",
    area_text="#595959",
    grid="#d4d4d4",
    base_road="#ffffff",
    base_casing="#a0a0a0",
    building="#e2e2e2",
    green="#f2f2f2",
    symbols="#000000",
)
