"""The use case of teaching: a blank is opened, understood, and a template for it proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from stationdesk.services.store import Store
from stationdesk.services.templates.sources import sources_of
from stationdesk.services.templates.taught import Taught
from stationdesk.sheets.template.blanks import read_blank
from stationdesk.sheets.template.form import Form, read_form
from stationdesk.sheets.template.losses import Remark
from stationdesk.sheets.template.proposing import propose as proposed
from stationdesk.sheets.template.rules import CellRule, ColumnRule, FormKind, Subject, Template
from stationdesk.sheets.template.sources import Source, Sources


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the program made of a blank, for the worker to look at and to correct.

    `form` is what stands in the blank (sheets, tables, single blanks, drop-down lists), `template` what is
    proposed for it, `sources` everything that may be chosen, `remarks` what to know first: the losses come first.
    """

    form: Form
    template: Template
    sources: Sources
    remarks: tuple[Remark, ...]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that may be chosen."""
        return tuple(sheet.title for sheet in self.form.sheets)

    @property
    def found(self) -> int:
        """How many columns and cells have a source."""
        rules = [each.rule for each in self.template.columns] + [each.rule for each in self.template.cells]
        return sum(bool(rule.source) for rule in rules)

    @property
    def open(self) -> int:
        """How many wait for the worker: nothing was found for them."""
        every: list[ColumnRule | CellRule] = [*self.template.columns, *self.template.cells]
        return sum(not each.rule.source and each.confidence == 0 for each in every)

    def choices(self) -> tuple[Source, ...]:
        """What a picker offers for this kind of row, in groups."""
        return tuple(each for each in self.sources.values() if each.serves(self.template.subject))

    def taught(self, name: str = "", department: str = "", note: str = "") -> Taught:
        """The proposal as it stands, to be kept, filled or given away."""
        return Taught(
            name or Path(self.form.name).stem,
            self.template,
            self.form.content,
            self.form.name,
            department,
            note,
        )

    def with_template(self, template: Template) -> Proposal:
        """The proposal with what the worker corrected."""
        return replace(self, template=template)


def propose(store: Store | None, path: Path) -> Proposal:
    """Open a blank form (.xlsx, .xls, .docx) and propose what goes where.

    Without a station, its own fields and words are not known.

    Raises:
        UserError: no form, locked, too big, or with programs inside.
    """
    sources = _sources(store)
    form = read_blank(path, _labels(sources))
    return Proposal(form, proposed(form, sources), sources, form.remarks)


def again(
    proposal: Proposal,
    *,
    sheet: str | None = None,
    kind: FormKind | None = None,
    subject: Subject | None = None,
    header: tuple[int, int] | None = None,
) -> Proposal:
    """Propose once more with what the worker said: another sheet, kind, subject, or header rows (from 1)."""
    form = proposal.form
    if header is not None and form.medium == "xlsx":
        form = read_form(form.content, form.name, _labels(proposal.sources), header)
        form = replace(form, remarks=proposal.remarks)
    template = proposed(form, proposal.sources, sheet=sheet, kind=kind, subject=subject)
    return replace(proposal, form=form, template=template)


def _sources(store: Store | None) -> Sources:
    if store is None:
        return sources_of()
    with store.reading() as session:
        return sources_of(session)


def _labels(sources: Sources) -> list[str]:
    return [label for each in sources.values() for label in (each.label, *each.aliases)]
