"""Blank forms of every kind that is taken: what a file is, is told by its content, not by its name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.refusals import broken, locked, no_table
from stationdesk.sheets.template.book import open_book
from stationdesk.sheets.template.form import Form, read_form
from stationdesk.sheets.template.losses import refuse_unsafe
from stationdesk.sheets.template.package import open_file, open_package
from stationdesk.sheets.template.places import spot_of
from stationdesk.sheets.template.rules import Template

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_blank(path: Path, known: Collection[str] = ()) -> Form:
    """Open and understand a blank form: .xlsx, .xls (converted, the losses told first), .docx.

    Raises:
        UserError: no form, locked, damaged, too big, or with programs inside.
    """
    content = open_file(path)
    if content.startswith(_ZIP):
        if is_document(content):
            from stationdesk.sheets.template.word import read_document

            return read_document(content, path.name)
        return read_form(content, path.name, known)
    if content.startswith(_OLE):
        from stationdesk.sheets.template.old import converted, is_encrypted_package

        if is_encrypted_package(content):
            raise locked()
        fresh, remarks = converted(content)
        form = read_form(fresh, path.name, known)
        return replace(form, remarks=(*remarks, *form.remarks))
    if not content.strip(b"\x00 \r\n\t"):
        raise UserError("文件是空的。请检查是不是选错了文件。")
    raise no_table()


def form_of(content: bytes, name: str, known: Collection[str] = ()) -> Form:
    """The form in the blank of a template: .xlsx, also where it came as .xls, or .docx.

    Raises:
        UserError: damaged.
    """
    if is_document(content):
        from stationdesk.sheets.template.word import read_document

        return read_document(content, name)
    return read_form(content, name, known)


def is_document(content: bytes) -> bool:
    """Whether an office package holds a Word document."""
    package = open_package(content)
    return any(name.startswith("word/") for name in package.names)


def check_blank(content: bytes, template: Template) -> None:
    """Check that a blank that came with a template can be filled by it.

    Raises:
        UserError: it cannot.
    """
    if template.medium == "docx":
        from stationdesk.sheets.template.word import check_document

        check_document(content, template)
        return
    if not content.startswith(_ZIP):
        raise broken()
    book = open_book(content)
    refuse_unsafe(book.package)
    book.sheet(template.sheet)
    try:
        for rule in template.cells:
            spot_of(rule.cell)
    except ValueError as error:
        raise broken() from error
