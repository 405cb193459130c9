"""A whole session of the program in a process of its own: `python -m tests.whole_session FOLDER`.

The window with every tab and the map, a hand-out, a ledger, a list brought in, a backup, and the end. It leaves
"done" in the folder when all of it came to its end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience, Dimension, MapClass
from stationdesk.services.handouts import HandoutOrder, handout
from stationdesk.services.imports import ImportKind, dry_run, read_plan, run
from stationdesk.services.ledgers import ledger
from stationdesk.services.safety import backup_here
from stationdesk.services.store import Store
from stationdesk.ui.headless import printing
from stationdesk.ui.pictures import take_pictures
from tests.small_town import TODAY, small_town


def work_through(store: Store, folder: Path) -> None:
    """Everything that one does in a month, one after the other."""
    with printing() as printer:
        shown = [picture.stem for picture in take_pictures(store, folder)]
        assert "7-map" in shown
        handout(store, folder / "发放图.pdf", HandoutOrder(), printer)
    ledger(store, Month.of(TODAY), Audience.REPORT, folder / "台账.xlsx")
    file = folder / "名单.csv"
    file.write_text("资源名称,地址\n老槐树书屋,http://127.0.0.1:9/ 路 3 号\n", encoding="utf-8")
    plan = read_plan(store, file, ImportKind.RESOURCES)
    plan = plan.with_defaults({"resource.map_class": MapClass.CULTURE, "resource.dimension": Dimension.SPACE})
    run(store, dry_run(store, plan))
    backup_here(store)


def main(folder: Path) -> None:
    """Make the small town, work through it, and leave the mark."""
    store = small_town(folder).store
    try:
        work_through(store, folder)
    finally:
        store.close()
    (folder / "done").touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
