"""Documents of KML and GPX, opened so that nothing in them can reach outside."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.text import clean_line
from stationdesk.maps.basemaps import refusals

MOST_BYTES = 200_000_000


def parsed(path: Path, content: bytes) -> etree._Element:
    """The document in `content`; nothing outside of it is ever fetched, no entity of its own taken.

    Raises:
        UserError: it is damaged, or no such document.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<" not in content[:200]:
            raise refusals.foreign(path) from error
        raise refusals.damaged(path) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UserError("“{name}”里带有 DTD，为安全起见没有读。请重新导出。", name=path.name)
    return root


def local_name(element: etree._Element) -> str:
    """The name of an element without its name space: every program writes another."""
    return etree.QName(element).localname


def text_of(element: etree._Element, name: str) -> str:
    """What the first child of that name says, on one line; empty where there is none."""
    found = next((each for each in element if local_name(each) == name), None)
    return clean_line("".join(map(str, found.itertext()))) if found is not None else ""


def kml_in(path: Path) -> etree._Element:
    """The document of a KMZ: doc.kml, wherever it lies, or else the first."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [each for each in package.namelist() if each.lower().endswith(".kml")]
            if not names:
                raise refusals.foreign(path)
            name = min(names, key=lambda each: (not each.lower().endswith("doc.kml"), names.index(each)))
            if package.getinfo(name).file_size > MOST_BYTES:
                raise refusals.damaged(path)
            return parsed(path, package.read(name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise refusals.damaged(path) from error
