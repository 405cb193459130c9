"""An office file as the parts it is made of: opened under limits, changed as XML, written again.

What is not touched is copied byte by byte, so that a form keeps whatever its makers put into it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.archives import look_into
from stationdesk.sheets.reading.refusals import broken

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LISTED: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPED: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
CONTENT_TYPES: Final = "[Content_Types].xml"

MAX_FORM: Final = 20 * 1024 * 1024
"""Bytes of a blank form; a form is some hundred kilobytes, a scan pasted into it some megabytes."""
_MAX_PART: Final = 64 * 1024 * 1024

Element = etree._Element  # noqa: SLF001 - the class that lxml's own stubs name


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship of a part: what kind, and the part (or, `external`, the address) it leads to."""

    id: str
    kind: str
    target: str
    external: bool = False


class Package:
    """The parts of one office file. Parts asked for by `tree` may be changed; `write_to` writes them all."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._trees: dict[str, Element] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the order of the file."""
        return tuple(self._parts)

    def content(self, name: str) -> bytes:
        """The bytes of a part as they stand now."""
        tree = self._trees.get(name)
        return self._parts[name] if tree is None else serialised(tree)

    def tree(self, name: str) -> Element:
        """The root of an XML part; what is changed in it is written.

        Raises:
            UserError: the part is no XML, or declares a document type, by which entities come in.
        """
        tree = self._trees.get(name)
        if tree is None:
            if name not in self._parts:
                raise broken()
            tree = self._trees[name] = parsed(self._parts[name])
        return tree

    def put(self, name: str, content: bytes, content_type: str = "") -> None:
        """Add a part or replace one; `content_type` is told for a new one of its own type."""
        self._parts[name] = content
        self._trees.pop(name, None)
        if content_type:
            types = self.tree(CONTENT_TYPES)
            etree.SubElement(types, f"{TYPED}Override", PartName=f"/{name}", ContentType=content_type)

    def drop(self, name: str) -> None:
        """Take a part out of the file, its type with it; links to it are the caller's business."""
        self._parts.pop(name, None)
        self._trees.pop(name, None)
        for each in list(self.tree(CONTENT_TYPES)):
            if each.get("PartName") == f"/{name}":
                each.getparent().remove(each)  # type: ignore[union-attr]  # a child has a parent

    def content_type(self, name: str) -> str:
        """The type of a part as the file tells it; empty when only its suffix tells."""
        for each in self.tree(CONTENT_TYPES):
            if each.get("PartName") == f"/{name}":
                return each.get("ContentType") or ""
        return ""

    def links(self, name: str) -> dict[str, Link]:
        """Where the relationships of a part lead, by their id; of the whole file for the empty name."""
        where = links_name(name)
        if where not in self._parts:
            return {}
        folder = posixpath.dirname(name)
        # Looking at links is no reason to write them anew.
        changed = self._trees.get(where)
        root = changed if changed is not None else parsed(self._parts[where])
        return {
            each.id: Link(
                each.id,
                each.kind,
                each.target if each.external else _resolved(folder, each.target),
                each.external,
            )
            for each in _listed(root)
        }

    def free_name(self, like: str) -> str:
        """A name for another part like this one: xl/worksheets/sheet1.xml gives sheet2.xml, or the next free."""
        stem, dot, suffix = like.rpartition(".")
        stem = stem.rstrip("0123456789")
        number = 1
        while f"{stem}{number}{dot}{suffix}" in self._parts:
            number += 1
        return f"{stem}{number}{dot}{suffix}"

    def write_to(self, target: IO[bytes], streams: Mapping[str, Iterator[bytes]] | None = None) -> None:
        """Write the whole file; the parts named in `streams` come from there, piece by piece."""
        streams = streams or {}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name in self._parts:
                info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                if name in streams:
                    with package.open(info, "w", force_zip64=True) as part:
                        for piece in streams[name]:
                            part.write(piece)
                else:
                    package.writestr(info, self.content(name))

    def copy(self) -> Package:
        """The same file once more, to be changed on its own."""
        return Package({name: self.content(name) for name in self._parts})


def open_package(content: bytes) -> Package:
    """The parts of an office file, under the limits of `reading.archives` and stricter ones for a form.

    Raises:
        UserError: too big, damaged, locked, or no office file.
    """
    if len(content) > MAX_FORM:
        raise UserError(
            "这张空表有 {size} MB，太大了（上限 {limit} MB）。请删去里面的图片或多余的工作表，另存后再试。",
            size=len(content) // (1024 * 1024),
            limit=MAX_FORM // (1024 * 1024),
        )
    package = look_into(io.BytesIO(content))
    parts: dict[str, bytes] = {}
    for member in package.infolist():
        if member.is_dir():
            continue
        name = member.filename.replace("\\", "/").lstrip("/")
        if member.file_size > _MAX_PART or name in parts or ".." in name.split("/"):
            raise broken()
        try:
            parts[name] = package.read(member)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise broken() from error
        except Exception as error:  # zlib.error is no OSError
            if type(error).__module__ != "zlib":
                raise
            raise broken() from error
    if CONTENT_TYPES not in parts:
        raise broken()
    return Package(parts)


def open_file(path: Path) -> bytes:
    """The bytes of a form.

    Raises:
        UserError: not there, a folder, too big, or not to be read.
    """
    try:
        if path.stat().st_size > MAX_FORM:
            raise UserError(
                "这张空表有 {size} MB，太大了（上限 {limit} MB）。请删去里面的图片或多余的工作表，另存后再试。",
                size=path.stat().st_size // (1024 * 1024),
                limit=MAX_FORM // (1024 * 1024),
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("找不到文件“{name}”。它可能被移走或改名了。", name=path.name) from error
    except IsADirectoryError as error:
        raise UserError("“{name}”是文件夹，不是文件。请选一张空表。", name=path.name) from error
    except OSError as error:
        raise UserError(
            "“{name}”读不出来。请先在 WPS 或 Excel 里关闭它，或把它复制到电脑上再试。", name=path.name
        ) from error


def parsed(content: bytes) -> Element:
    """The root of an XML text, without entities, document types or anything from elsewhere."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise broken() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise broken()
    return root


def serialised(root: Element) -> bytes:
    """An XML part as a file holds it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def links_name(name: str) -> str:
    """The part that holds the relationships of a part; of the whole file for the empty name."""
    folder, leaf = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{leaf}.rels")


def _listed(root: Element) -> Iterator[Link]:
    for each in root.iter(f"{LISTED}Relationship"):
        yield Link(
            each.get("Id") or "",
            (each.get("Type") or "").rpartition("/")[2],
            each.get("Target") or "",
            each.get("TargetMode") == "External",
        )


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))
