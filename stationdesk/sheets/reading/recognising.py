"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
from enum import Enum, auto

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.office_xml import NAMESPACE
from stationdesk.sheets.reading.refusals import no_table, slides, word_document


class FileKind(Enum):
    """What is read, and by what."""

    PACKAGE = auto()
    """A zip package: .xlsx, .xlsm, .ods, or something else that is refused there."""
    OLD = auto()
    """A compound file: .xls, .et, or something else that is refused there."""
    OFFICE_XML = auto()
    WEB_PAGE = auto()
    WEB_ARCHIVE = auto()
    TEXT = auto()


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_WEB_PAGES = (
    b"<!doctype html",
    b"<html",
    b"<table",
    b"<head",
    b"<meta",
    b"<style",
    b"<body",
    b"<div",
    b"<frameset",
)
_OTHER_FILES = (
    *(b"<?xml", b"<!doctype", b"<!--", b"%pdf", b"{\\rtf"),
    *(b"\x89png", b"\xff\xd8\xff", b"gif8", b"sqlite format", b"rar!", b"7z\xbc"),
)
_JSON = re.compile(rb"[\[{]\s*(?:[\[{\"}\]]|\Z)")


def kind_of(content: bytes) -> FileKind:
    """What the content is.

    Raises:
        UserError: when it is known to be no table.
    """
    if content.startswith(b"PK"):
        return FileKind.PACKAGE
    if content.startswith(_OLE):
        _refuse_other_documents(content)
        return FileKind.OLD
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00").replace(b"\x00", b"").lower()
    if NAMESPACE.encode() in head and head.startswith(b"<") and b"<html" not in head:
        return FileKind.OFFICE_XML
    if head.startswith(_WEB_PAGES) or (head.startswith(b"<") and (b"<html" in head or b"<table" in head)):
        return FileKind.WEB_PAGE
    if head.startswith(b"mime-version:") or (b"\nmime-version:" in head and b"multipart/related" in head):
        return FileKind.WEB_ARCHIVE
    if head.startswith(_OTHER_FILES):
        raise no_table()
    if _JSON.match(head):
        raise UserError("这是 JSON 文件，不是表格。请选 .xlsx、.xls、.ods 或 .csv 文件。")
    return FileKind.TEXT


def _refuse_other_documents(content: bytes) -> None:
    """Compound files tell the names of their parts in UTF-16."""
    if _holds(content, "Workbook") or _holds(content, "Book"):
        return
    if _holds(content, "WordDocument"):
        raise word_document()
    if _holds(content, "PowerPoint Document"):
        raise slides()


def _holds(content: bytes, part: str) -> bool:
    return part.encode("utf-16-le") in content
