"""The one way XML of other people is parsed: no entities, no DTD, no network, no giant trees."""

from __future__ import annotations

from typing import Any

from lxml import etree

from stationdesk.core.text import clean
from stationdesk.sheets.open_formats.refusals import damaged, with_entities


def parsed(content: bytes, kind: str) -> etree._Element:
    """The root of a document.

    Raises:
        UserError: it is not well-formed, or brings a DTD along.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise (with_entities() if b"<!DOCTYPE" in content[:10_000] else damaged(kind)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise with_entities()
    return root


def document_root(space: str, name: str, attributes: dict[str, str], more: dict[str, str]) -> etree._Element:
    """The root of a document in the namespace `space`; `more` are further namespaces by prefix."""
    names: Any = {None: space, **more}
    return etree.Element(f"{{{space}}}{name}", attributes, nsmap=names)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace: files name KML and GPX by several."""
    return etree.QName(element).localname


def text_in(element: etree._Element | None) -> str:
    """All text of an element, cleaned."""
    return clean("".join(map(str, element.itertext()))).strip() if element is not None else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name, in whatever namespace."""
    return next((each for each in element if local(each) == name), None)


def written(root: etree._Element) -> bytes:
    """A document as bytes, UTF-8, indented."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
