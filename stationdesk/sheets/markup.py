"""Pages for the printer as trees of an XML library: every word of the station is a text node, never markup."""

from __future__ import annotations

from typing import Final

from lxml import etree

from stationdesk.core.text import clean_line

FONTS: Final = '"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(title: str, style: str) -> tuple[etree._Element, etree._Element]:
    """An empty page that may load nothing: its root and its body."""
    root = etree.Element("html", lang="zh-CN")
    head = element(root, "head")
    element(head, "meta", charset="utf-8")
    policy = element(head, "meta", content=_POLICY)
    policy.set("http-equiv", "Content-Security-Policy")
    element(head, "title", title)
    etree.SubElement(head, "style").text = style
    return root, element(root, "body")


def element(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str
) -> etree._Element:
    """A new element below another, with a line of text; `class_` stands for the attribute `class`."""
    child = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        child.set(name.rstrip("_"), value)
    if text is not None:
        child.text = clean_line(text)
    return child


def html_of(root: etree._Element) -> str:
    """The page as the printer takes it."""
    return etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")


def css_string(text: str) -> str:
    """A text as the inside of a string of CSS: every sign by its number, so that none can end the string."""
    return "".join(f"\\{ord(sign):06x}" for sign in clean_line(text))
