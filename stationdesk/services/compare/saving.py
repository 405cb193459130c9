"""A comparison as a workbook of three coloured sheets, and a fourth where somebody has to look."""

from __future__ import annotations

from pathlib import Path

from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.compare.results import Comparison
from stationdesk.services.sealing import lock_for
from stationdesk.services.store import Store
from stationdesk.sheets.comparison import Tint, TintedSheet, check_tinted, write_tinted
from stationdesk.sheets.locking import write_sealed

THERE, HERE, DIFFERENT, UNCLEAR = "只在名册里", "只在本站", "内容不同", "要人看"


def save_comparison(
    store: Store,
    comparison: Comparison,
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    password: str | None = None,
) -> Path:
    """Write a comparison to a workbook; read back, logged, then moved into place. It is for internal use.

    Raises:
        UserError: the target cannot be written, or the password cannot be used.
        Cancelled: by `progress`; the target is as it was.
    """
    sheets = sheets_of(comparison)
    heading = f"{comparison.plan.file.name} 与本站比对　{store.clock.today().isoformat()}　内部资料　注意保密"

    return write_sealed(
        target,
        lambda part: write_tinted(part, heading, sheets, progress),
        lambda part: check_tinted(part, sheets),
        release=lambda: _log(store, comparison, target),
        lock=lock_for(store, password),
        beside=beside,
        private=True,
    )


def sheets_of(comparison: Comparison) -> tuple[TintedSheet, ...]:
    """The groups of a comparison as tables."""
    compared = comparison.compared
    there = TintedSheet(
        THERE,
        Tint.THEIRS,
        ("名册行号", *comparison.labels),
        tuple((str(each.number), *each.cells) for each in comparison.only_there),
    )
    here = TintedSheet(
        HERE,
        Tint.OURS,
        ("本站记录", *compared),
        tuple((each.title, *each.cells) for each in comparison.only_here),
        f"另有 {comparison.withheld} 条按规定限制查看，不列名。" if comparison.withheld else "",
    )
    different = TintedSheet(
        DIFFERENT,
        Tint.BOTH,
        ("名册行号", "名称", "怎样认出", "栏目", "本站", "名册"),
        tuple(
            (str(pair.number), pair.title, pair.why, each.label, each.ours, each.theirs)
            for pair in comparison.different
            for each in pair.differences
        ),
        f"另有 {comparison.same} 条两边相同，不列出。",
        (4, 5),
    )
    unclear = TintedSheet(
        UNCLEAR,
        Tint.UNCLEAR,
        ("名册行号", "名称", "说明", "可能是本站的"),
        tuple((str(each.number), each.title, each.why, each.candidate) for each in comparison.unclear),
    )
    return (there, here, different, *((unclear,) if comparison.unclear else ()))


def _log(store: Store, comparison: Comparison, target: Path) -> None:
    sentence = _("把与“{file}”的比对结果存为“{name}”").format(
        file=comparison.plan.file.name, name=target.name
    )
    with store.writing(sentence) as work:
        work.note("export", comparison.plan.kind.record, (), sentence)
