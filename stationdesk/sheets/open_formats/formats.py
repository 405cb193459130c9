"""The open formats by name: how each is written, and what bytes of unknown origin are."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.sheets.open_formats import (
    comma,
    geojson,
    gpx,
    hsds,
    hsds_reading,
    hsds_tables,
    kml,
)
from stationdesk.sheets.open_formats.listing import OpenTable
from stationdesk.sheets.open_formats.refusals import BROKEN_PACKAGE, damaged, empty


@captioned("文件格式")
class Format(Choice):
    """What a list is exported as."""

    HSDS = choice("hsds", "HSDS 资源目录（JSON）")
    HSDS_CSV = choice("hsds-csv", "HSDS 资源目录（CSV 数据包）")
    GEOJSON = choice("geojson", "GeoJSON 地图数据")
    KML = choice("kml", "KML（奥维、谷歌地球）")
    GPX = choice("gpx", "GPX 航点（手持 GPS）")
    CSV = choice("csv", "CSV 表格（UTF-8）")

    @property
    def suffix(self) -> str:
        """What its files end with."""
        return {Format.HSDS: ".json", Format.HSDS_CSV: ".zip"}.get(self, f".{self.code}")

    @property
    def needs_places(self) -> bool:
        """Whether only what has a place can be in it."""
        return self is Format.GPX


SUFFIXES = (".geojson", ".json", ".kml", ".kmz", ".gpx", ".zip")
"""What files of the open formats are called, beside .csv, which the reader of tables takes."""

WGS84_BY_STANDARD = frozenset({Format.HSDS, Format.HSDS_CSV, Format.GEOJSON, Format.KML, Format.GPX})

_MAX_UNPACKED = 100 * 1024 * 1024


def written(kind: Format, catalogue: hsds.Catalogue) -> bytes:
    """A list in a format."""
    match kind:
        case Format.HSDS:
            return hsds.write(catalogue)
        case Format.HSDS_CSV:
            return hsds_tables.write(catalogue)
        case Format.GEOJSON:
            return geojson.write(catalogue.listing)
        case Format.KML:
            return kml.write(catalogue.listing)
        case Format.GPX:
            return gpx.write(catalogue.listing)
        case Format.CSV:
            return comma.write(catalogue.listing)


def read_back(kind: Format, content: bytes) -> OpenTable:
    """What `written` wrote, as a table."""
    if kind is Format.CSV:
        return comma.read(content)
    found = recognised(content)
    if found is None or found[0] is not kind:
        raise damaged(kind.label)
    return found[1]


def recognised(content: bytes) -> tuple[Format, OpenTable] | None:
    """The format of some bytes, told by what they are and not by their name, and what is in them.

    None when they are none of the formats that are read here: a workbook, a text table, anything else.

    Raises:
        UserError: they are one of the formats, but damaged, empty, dangerous, or of another datum.
    """
    head = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"{", b"[")):
        return _json(content)
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff")):
        return _xml(content, head.replace(b"\x00", b""))
    if content.startswith(b"PK"):
        return _package(content)
    return None


def _xml(content: bytes, head: bytes) -> tuple[Format, OpenTable] | None:
    if b"<kml" in head or b":kml" in head:
        return Format.KML, kml.read(content)
    if b"<gpx" in head or b":gpx" in head:
        return Format.GPX, gpx.read(content)
    return None


def _json(content: bytes) -> tuple[Format, OpenTable] | None:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError as error:
        raise damaged("JSON") from error
    except ValueError as error:
        if isinstance(error, UnicodeDecodeError) or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            raise damaged("JSON") from error
        return None  # a text table may begin with a bracket
    if geojson.is_geojson(document):
        return Format.GEOJSON, geojson.read(document)
    if hsds_reading.services_in(document):
        return Format.HSDS, hsds_reading.read(document)
    if _is_empty_directory(document):
        raise empty(hsds_reading.KIND)
    raise UserError("这个 JSON 文件不是 GeoJSON，也不是 HSDS 资源目录，读不了。请让对方导出为 Excel 或 CSV。")


def _is_empty_directory(document: Any) -> bool:
    return isinstance(document, dict) and document.get("contents") == []


def _no_number(name: str) -> float:
    raise ValueError(name)


def _package(content: bytes) -> tuple[Format, OpenTable] | None:
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None  # the reader of workbooks says what is wrong with it
    with package:
        names = set(package.namelist())
        if hsds_tables.is_package(names):
            return Format.HSDS_CSV, hsds_reading.read(hsds_tables.document_of(io.BytesIO(content)))
        inside = [name for name in package.namelist() if name.lower().endswith(".kml")]
        if not inside:
            return None
        # OGC 07-147r2 section 6.2: doc.kml where there is one, otherwise the first of the archive.
        main = next((name for name in inside if name.lower() == "doc.kml"), inside[0])
        return Format.KML, kml.read(_member(package, main))


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    member = package.getinfo(name)
    if member.flag_bits & 1:
        raise UserError("文件设了密码，读不了。请去掉密码后再导入。")
    if member.file_size > _MAX_UNPACKED:
        raise UserError("文件解开后太大，没有读。请分成几个文件。")
    try:
        return package.read(member)
    except BROKEN_PACKAGE as error:
        raise damaged(kml.KIND) from error
