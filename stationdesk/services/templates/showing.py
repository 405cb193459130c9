"""What a screen needs to teach a form: the form as a picture, where each rule stands in it, and a trial filling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.ledgers.period import Periods
from stationdesk.services.store import Store
from stationdesk.services.templates.filling import trial_of
from stationdesk.services.templates.keeping import edit_template, kept_template, save_template
from stationdesk.services.templates.proposals import Proposal, again, propose
from stationdesk.services.templates.sources import sources_of
from stationdesk.services.templates.taught import Taught
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.reading.archives import column_letters
from stationdesk.sheets.template.blanks import form_of
from stationdesk.sheets.template.picture import Picture, PictureCell, pictures_of
from stationdesk.sheets.template.places import Area, Spot, spot_of
from stationdesk.sheets.template.rules import (
    CONSTANT,
    FIGURE,
    LEAVE,
    CellRule,
    Choosing,
    ColumnRule,
    DateForm,
    FigureColumn,
    FormKind,
    IdForm,
    Rule,
    Subject,
    Template,
    Writing,
    with_cell,
    with_column,
)
from stationdesk.sheets.template.sources import Source, Sources

DOCUMENT = "docx"
_SHOWN_ROWS = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A form on the screen: what is proposed for it, and its sheets as pictures (none for a Word document)."""

    proposal: Proposal
    pictures: tuple[Picture, ...]
    name: str = ""
    department: str = ""
    note: str = ""

    @property
    def template(self) -> Template:
        """The template as it stands."""
        return self.proposal.template

    def with_template(self, template: Template) -> Shown:
        """The same form with what the worker corrected."""
        return replace(self, proposal=self.proposal.with_template(template))


def show_blank(store: Store, path: Path, progress: Progress = SILENT) -> Shown:
    """Open a blank form and show what is proposed for it.

    Raises:
        UserError: no form, locked, too big, or with programs inside.
        Cancelled: by `progress`.
    """
    proposal = propose(store, path)
    progress.step(1, 2)
    return Shown(proposal, _pictures(proposal), Path(proposal.form.name).stem)


def show_kept(store: Store, key: Key, progress: Progress = SILENT) -> Shown:
    """Show a template that the station keeps.

    Raises:
        UserError: it is gone, or its blank is damaged.
        Cancelled: by `progress`.
    """
    taught = kept_template(store, key)
    with store.reading() as session:
        sources = sources_of(session)
    form = form_of(taught.blank, taught.file_name)
    progress.step(1, 2)
    proposal = Proposal(form, taught.template, sources, form.remarks)
    return Shown(proposal, _pictures(proposal), taught.name, taught.department, taught.note)


def show_again(
    _store: Store,
    shown: Shown,
    sheet: str | None,
    kind: FormKind,
    subject: Subject,
    header: tuple[int, int] | None,
    progress: Progress = SILENT,
) -> Shown:
    """Propose anew for what the worker says of the form; whom it lists stays as it was chosen.

    Raises:
        UserError: there is no such sheet.
        Cancelled: by `progress`.
    """
    proposal = again(shown.proposal, sheet=sheet, kind=kind, subject=subject, header=header)
    progress.step(1, 2)
    kept = replace(proposal.template, choosing=shown.template.choosing)
    return replace(shown, proposal=proposal.with_template(kept))


def try_out(store: Store, shown: Shown, periods: Periods, progress: Progress = SILENT) -> tuple[Picture, ...]:
    """Fill the form with what is on file and show it; nothing is kept and nothing leaves.

    Raises:
        UserError: the form does not fit its template, or there is nothing to fill it with.
        Cancelled: by `progress`.
    """
    taught = shown.proposal.taught(shown.name)
    content = trial_of(store, taught, periods, progress)
    return _document_picture(content) if taught.template.medium == DOCUMENT else pictures_of(content)


def keep(store: Store, shown: Shown, name: str, department: str, key: Key | None = None) -> ChangeSet:
    """Keep what was taught: as a new template, or over the one with this key.

    Raises:
        UserError: without a name, with a name that is taken, or with nothing to fill.
    """
    if key is None:
        return save_template(store, shown.proposal.taught(name, department, shown.note))
    return edit_template(store, key, template=shown.template, name=name, department=department)


def spots_of(told: ColumnRule | CellRule, template: Template) -> tuple[tuple[int, int], ...]:
    """The cells of the sheet, row and column from 1, in which a rule shows; none in a Word document."""
    if template.medium == DOCUMENT:
        return ()
    if isinstance(told, ColumnRule):
        return ((template.first, told.column),)
    spot = spot_of(told.cell)
    return ((spot.row, spot.column),)


def is_at(told: ColumnRule | CellRule, template: Template, picture: Picture, row: int, column: int) -> bool:
    """Whether a press on a cell means this rule: any row of its column, its header, or its own cell."""
    if template.medium == DOCUMENT:
        return False
    area = _area_at(picture, Spot(row, column))
    if isinstance(told, CellRule):
        return spot_of(told.cell) in area
    in_table = template.header[0] <= row <= template.last if template.header[0] else row >= template.first
    return in_table and area.left <= told.column <= area.right


def rule_for(row: int, column: int) -> CellRule:
    """A cell that has no rule yet."""
    name = Spot(row, column).name
    return CellRule(name, name)


def _area_at(picture: Picture, spot: Spot) -> Area:
    return next(
        (cell.area for cell in picture.cells if spot in cell.area),
        Area(spot.row, spot.column, spot.row, spot.column),
    )


def _pictures(proposal: Proposal) -> tuple[Picture, ...]:
    form = proposal.form
    return _document_picture(form.content) if form.medium == DOCUMENT else pictures_of(form.content)


def _document_picture(content: bytes) -> tuple[Picture, ...]:
    """A Word document as its lines and tables, one below the other, to be looked at only."""
    from stationdesk.sheets.template.word import texts_of

    lines = list(_numbered(texts_of(content)))
    width = max((len(cells) for _row, cells in lines), default=1)
    cells = tuple(
        PictureCell(Area(row, column, row, column if len(texts) > 1 else width), text, len(texts) > 1)
        for row, texts in lines
        for column, text in enumerate(texts, 1)
    )
    total = 84.0
    return (
        Picture(
            _("Word 文档"),
            max((row for row, _texts in lines), default=1),
            width,
            cells,
            tuple(total / width for _column in range(width)),
            tuple(20.0 for _line in lines) or (20.0,),
        ),
    )


def _numbered(rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for row, texts in enumerate(rows, 1):
        if row > _SHOWN_ROWS:
            return
        yield row, texts or ("",)


__all__ = [
    "CONSTANT",
    "FIGURE",
    "LEAVE",
    "CellKind",
    "CellRule",
    "Choosing",
    "ColumnRule",
    "DateForm",
    "FigureColumn",
    "FormKind",
    "IdForm",
    "Picture",
    "Proposal",
    "Rule",
    "Shown",
    "Source",
    "Sources",
    "Subject",
    "Taught",
    "Template",
    "Writing",
    "column_letters",
    "is_at",
    "keep",
    "rule_for",
    "show_again",
    "show_blank",
    "show_kept",
    "spots_of",
    "try_out",
    "with_cell",
    "with_column",
]
