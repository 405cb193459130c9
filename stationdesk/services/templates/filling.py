"""The use case of filling: a taught form, a month, and what the station has on file."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_folder_safely
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.period import Periods
from stationdesk.services.ledgers.reading import paper_book
from stationdesk.services.release import Override, note_release
from stationdesk.services.store import Store
from stationdesk.services.templates.heads import figure_values, head_values
from stationdesk.services.templates.keeping import taught_in
from stationdesk.services.templates.reading import Chosen, chosen, entries_of, unknown_categories
from stationdesk.services.templates.sources import sources_of
from stationdesk.services.templates.taught import Taught
from stationdesk.services.templates.writing import Making, files_for
from stationdesk.sheets.leaks import Leak
from stationdesk.sheets.locking import Lock
from stationdesk.sheets.template.fill import Filled, Material
from stationdesk.sheets.template.filled import fill_any
from stationdesk.sheets.template.rules import Choosing, FormKind, Template
from stationdesk.sheets.template.sources import Sources

_TRIED = 30
"""Rows that a trial shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """How much a form will hold, how many may not be listed, and how many files that takes, before it is filled."""

    count: int
    withheld: int
    files: int = 1


@dataclass(frozen=True, slots=True)
class FillReport:
    """The filled form: rows or cards written, rows added to the form's own, who may not be listed, what to look at.

    Where there are more `files` than one, `path` is the folder that they are in.
    """

    path: Path
    kind: FormKind
    rows: int
    added: int
    withheld: int
    warnings: tuple[str, ...]
    files: int = 1


def preview(store: Store, template: Template, periods: Periods, choosing: Choosing | None = None) -> Preview:
    """Count what a form will hold.

    Raises:
        UserError: a village or category of its choice is not on file.
    """
    with store.reading() as session:
        found = _chosen(session, template, choosing or template.choosing, periods)
    if found is None:
        return Preview(0, 0)
    return Preview(found.count, found.withheld, files_for(template, found.count))


def fill(  # noqa: PLR0913 - what is filled, for when, where to, for whom, and how
    store: Store,
    key: Key,
    periods: Periods,
    target: Path,
    audience: Audience = Audience.INTERNAL,
    progress: Progress = SILENT,
    *,
    choosing: Choosing | None = None,
    beside: bool = False,
    override: Override | None = None,
    lock: Lock | None = None,
) -> FillReport:
    """Fill a kept template; see `fill_given`.

    Raises:
        UserError: it is gone, and as `fill_given`.
        Cancelled: by `progress`.
    """
    with store.reading() as session:
        taught = taught_in(session, key)
    return fill_given(
        store,
        taught,
        periods,
        target,
        audience,
        progress,
        choosing=choosing,
        beside=beside,
        override=override,
        lock=lock,
        key=key,
    )


def fill_given(  # noqa: PLR0913 - what is filled, for when, where to, for whom, and how
    store: Store,
    taught: Taught,
    periods: Periods,
    target: Path,
    audience: Audience = Audience.INTERNAL,
    progress: Progress = SILENT,
    *,
    choosing: Choosing | None = None,
    beside: bool = False,
    override: Override | None = None,
    lock: Lock | None = None,
    key: Key | None = None,
) -> FillReport:
    """Fill a form with what the station has on file at the end of a period, all or nothing.

    All values come from one state of the file; ages are those at the period's end; people who may not be listed
    are not. The filled file is read back, a masked one searched for personal numbers and names of minors, and
    the export logged, before it takes the target's place. `choosing` takes the place of the template's own; `lock`
    puts a password on the file.

    More cards than one file holds fill several, name-1, name-2 and so on, in a folder called like `target` without
    its ending: it is there with all of them or not at all, and takes no other's place.

    Raises:
        PersonalNumber: something personal stands in a masked file and nobody answers for it by `override`.
        UserError: the form does not fit its template, or the place cannot be written.
        Cancelled: by `progress`; the target is as it was.
    """
    if audience is Audience.PUBLIC:
        raise UserError("上报表里有服务对象的个人情况，不能用于公示。请选“内部使用”或“外送上报”。")
    suffix = f".{taught.template.medium}"
    if target.suffix.lower() != suffix:
        raise UserError(
            "填好的表是 {suffix} 文件，“{name}”打开时会报错。请让文件名以 {suffix} 结尾。",
            suffix=suffix,
            name=target.name,
        )
    template = taught.template if choosing is None else replace(taught.template, choosing=choosing)
    with store.reading() as session:
        sources = sources_of(session)
        _check_sources(template, sources)
        found = _chosen(session, template, template.choosing, periods)
        material = _material(store, session, template, periods, found, sources, masked=audience.is_masked)
        files = files_for(template, material.count)
        making = Making(session, taught, template, periods, audience, progress, override, lock)

        def release() -> None:
            sentence = _sentence(taught, periods, audience, target, files)
            _log(store, sentence, target, making.leaks, override, key)

        if files == 1:
            path = making.write(material, target, beside=beside, release=release)
        else:
            path = write_folder_safely(
                target.with_suffix(""),
                lambda folder: making.write_parts(material, folder, target, files),
                release=release,
                private=not audience.is_masked,
            )
    withheld = found.withheld if found is not None else 0
    return FillReport(
        path,
        template.kind,
        sum(each.rows for each in making.results),
        sum(each.added for each in making.results),
        withheld,
        tuple(_warnings(making.results, template, material, withheld)),
        files,
    )


def trial_of(store: Store, taught: Taught, periods: Periods, progress: Progress = SILENT) -> bytes:
    """The form filled for the screen, with its first rows or its first card only; nothing is written anywhere.

    Raises:
        UserError: the form does not fit its template, or there is nothing to fill it with.
        Cancelled: by `progress`.
    """
    template = taught.template
    with store.reading() as session:
        sources = sources_of(session)
        _check_sources(template, sources)
        found = _chosen(session, template, template.choosing, periods)
        if found is not None:
            most = 1 if template.kind is FormKind.CARD else _TRIED
            found = Chosen(found.keys.limit(most), min(found.count, most), found.withheld)
        material = _material(store, session, template, periods, found, sources, masked=False)
        target = io.BytesIO()
        fill_any(taught.blank, template, material, target, progress)
    return target.getvalue()


def _chosen(session: Session, template: Template, choosing: Choosing, periods: Periods) -> Chosen | None:
    if template.kind is FormKind.FIGURES:
        return None
    unknown = unknown_categories(choosing, paper_book(session).labels)
    if unknown:
        raise UserError("模板里选的对象类别“{codes}”本站没有。请改选后再填。", codes="、".join(unknown))
    return chosen(session, template.subject, choosing, periods.this)


def _material(
    store: Store,
    session: Session,
    template: Template,
    periods: Periods,
    found: Chosen | None,
    sources: Sources,
    *,
    masked: bool,
) -> Material:
    words = paper_book(session)
    count = found.count if found is not None else 0
    head = head_values(store, session, periods, count) | figure_values(session, periods, template)
    if found is None:
        return Material(sources, words, head, masked=masked)
    if not count:
        raise UserError("按现在的条件，一个可以填的也没有。请检查月份、类别、村居和年龄。")
    entries = entries_of(session, template, found, periods.this, words, masked=masked)
    return Material(sources, words, head, entries, count, masked)


def _check_sources(template: Template, sources: Sources) -> None:
    unknown = sorted(
        name
        for name in template.sources
        if name not in sources and name != "constant" and not name.startswith(("figure:", "total:"))
    )
    if unknown:
        raise UserError(
            "模板要填的“{names}”本站没有（可能是别的站自己加的字段）。请打开模板，给这些列改选内容。",
            names="、".join(unknown),
        )


def _warnings(results: Sequence[Filled], template: Template, material: Material, withheld: int) -> list[str]:
    cleaned, cut = sum(each.cleaned for each in results), sum(each.cut for each in results)
    told = []
    if withheld:
        told.append(_("另有 {count} 条涉及按规定限制查看的对象，没有填入。").format(count=withheld))
    if cleaned or cut:
        told.append(
            _("有 {cleaned} 个特殊字符换成了空白或删去，{cut} 个字因为太长没有写入。").format(
                cleaned=cleaned, cut=cut
            )
        )
    told += [
        _("“{label}”有 {count} 处填不进一格一字的格子，留空了。").format(label=label, count=count)
        for label, count in _added(each.unfit for each in results).items()
    ]
    told += [
        _("“{label}”有 {count} 处不在表里的下拉选项中，请在模板里写明怎样对应。").format(
            label=label, count=count
        )
        for label, count in _added(each.strange for each in results).items()
    ]
    if material.masked:
        left = dict.fromkeys(
            source.label
            for name in sorted(template.sources)
            if (source := material.sources.get(name)) is not None and source.guard.value == "dropped"
        )
        if left:
            told.append(_("按规定不外送、留空的：{labels}。").format(labels="、".join(left)))
    return told


def _added(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _sentence(taught: Taught, periods: Periods, audience: Audience, target: Path, files: int) -> str:
    sentence = _("填写上报表“{form}”（{period}，{audience}）到“{name}”").format(
        form=taught.name, period=periods.this.label, audience=_(audience.label), name=target.name
    )
    return sentence + (_("，分成 {files} 个文件").format(files=files) if files > 1 else "")


def _log(
    store: Store,
    sentence: str,
    target: Path,
    leaks: Sequence[Leak],
    override: Override | None,
    key: Key | None,
) -> None:
    with store.writing(sentence) as work:
        work.note("export", "form_template", (key or "",), sentence)
        if leaks and override is not None:
            note_release(work, "form_template", target.name, leaks, override)
