"""The tabs of the window and how they reach each other: signals up to here, calls down from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field, Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import SheetKind
from stationdesk.services import facts, own_fields, safety
from stationdesk.services.beginning import BeginningStep
from stationdesk.services.facts import StationFacts
from stationdesk.services.listing import Query
from stationdesk.services.store import Store
from stationdesk.ui.application import bury
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms.codes import Codes
from stationdesk.ui.forms.editor import Kit
from stationdesk.ui.forms.lookups import STATION
from stationdesk.ui.looking_back import LookingBack
from stationdesk.ui.main_window import MainWindow, TabPlace
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.status import Facts
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tables.view import RowView
from stationdesk.ui.theme import Look

if TYPE_CHECKING:
    from stationdesk.core.printing import Printer

_BEGUN = "beginning_dismissed"
"""The stations, by folder, whose first steps the worker wants to see no more."""
_ANSWERS = "handout_answers"
"""What was answered in 发放地图 the last time."""
_REST = 500
"""Milliseconds after the last change of a column before it is written down."""


class Window(QObject):
    """One open station on the screen: the desk, the frame, and the ways between the tabs."""

    def __init__(self, store: Store, look: Look, preferences: Preferences) -> None:
        super().__init__()
        self.desk = Desk(store, look)
        self._kit = Kit(self.desk, STATION, Codes(self.desk, STATION), store.clock.today)
        self._preferences = preferences
        self._printer: Printer | None = None
        self._folders = Folders(preferences, store.folder.exports)
        self._widths: dict[str, RowView] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._keep_widths)
        self.frame = MainWindow(self.desk, self._places())
        self.desk.changed.connect(self._read_facts)
        self.desk.changed.connect(self._note_fields)
        self._looking_back = LookingBack(self.desk, self)
        self._retold: frozenset[str] = frozenset()
        self._in_settings = False

    def begin(self, backup_after: timedelta | None, tab: str = "home") -> None:
        """Show a tab and what is known of the station; back it up where that is due (never with None)."""
        self.frame.show_tab(tab)
        self._read_facts()
        if backup_after is None:
            return
        self.desk.work(
            safety.backup_if_due,
            backup_after,
            title=_("自动备份"),
            then=self._backed_up_alone,
        )

    def back_up(self) -> None:
        """Make a backup in the station's folder now."""
        self.desk.work(safety.backup_here, title=_("备份"), then=self._backed_up)

    def end(self) -> None:
        """Wait for what is under way; the window is closed already."""
        self._keep_widths()
        self.desk.close()
        bury(self.frame)

    # The tabs

    def _places(self) -> tuple[TabPlace, ...]:
        def place(name: str, title: str, icon: str, make: Callable[[], TabPage], *records: str) -> TabPlace:
            return TabPlace(name, title, icon, partial(self._made, make), frozenset(records))

        return (
            place("home", _("工作台"), "home", self._home),
            place(
                "resources", _("资源库"), "building-community", self._resources, "resource", "organisation"
            ),
            place("needs", _("需求库"), "star", self._needs, "need"),
            place(
                "clients",
                _("服务对象"),
                "users",
                self._clients,
                "household",
                "person",
                "village",
                "village_group",
            ),
            place("matching", _("对接"), "link", self._matching, "match"),
            place("visits", _("走访"), "walk", self._visits, "visit"),
            place("map", _("地图"), "map-2", self._map, "feature"),
            place("ledgers", _("台账"), "clipboard-list", self._ledgers),
        )

    def _home(self) -> TabPage:
        from stationdesk.ui.tabs.home import HomeTab

        tab = HomeTab(self.desk, with_beginning=not self._preferences.numbers(_BEGUN).get(self._root))
        tab.new_wanted.connect(self.begin_record)
        tab.match_wanted.connect(self.find_resources)
        tab.ledgers_wanted.connect(partial(self.frame.show_tab, "ledgers"))
        tab.handout_wanted.connect(self.make_handout)
        tab.backup_wanted.connect(self.back_up)
        tab.step_wanted.connect(self.take_step)
        tab.beginning_dismissed.connect(self._end_beginning)
        return tab

    def _resources(self) -> TabPage:
        from stationdesk.ui.tabs.resource_library import ResourcesTab

        tab = ResourcesTab(self._kit)
        self._join(tab)
        tab.find_resources.connect(self.find_resources)
        return tab

    def _needs(self) -> TabPage:
        from stationdesk.ui.tabs.needs import NeedsTab

        tab = NeedsTab(self._kit)
        self._join(tab)
        tab.find_resources.connect(self.find_resources)
        return tab

    def _clients(self) -> TabPage:
        from stationdesk.ui.tabs.clients import ClientsTab

        return self._join(ClientsTab(self._kit))

    def _visits(self) -> TabPage:
        from stationdesk.ui.tabs.visits import VisitsTab

        return self._join(VisitsTab(self._kit))

    def _matching(self) -> TabPage:
        from stationdesk.ui.tabs.matching import MatchingTab

        return self._join(MatchingTab(self._kit))

    def _map(self) -> TabPage:
        from stationdesk.ui.tabs.map import MapTab

        return self._join(MapTab(self._kit))

    def _ledgers(self) -> TabPage:
        from stationdesk.ui.tabs.county_forms import CountyFormsPage
        from stationdesk.ui.tabs.ledgers import LedgersTab
        from stationdesk.ui.tabs.reports import ReportsTab

        ledgers = LedgersTab(self.desk, self._folder("ledger_folder"))
        ledgers.folder_chosen.connect(lambda chosen: self._preferences.keep(ledger_folder=chosen))
        return ReportsTab(self.desk, ledgers, CountyFormsPage(self._kit, self._folders, ledgers.month))

    def _join(self, tab: TabPage) -> TabPage:
        for name, slot in (
            ("show_on_map", self.show_on_map),
            ("begin_wanted", self.begin_record),
            ("import_wanted", self.bring_in),
            ("handout_wanted", self.make_handout),
            ("community_map_wanted", partial(self.make_handout, SheetKind.COMMUNITY)),
            ("list_wanted", self.give_list),
            ("bulk_wanted", self.change_at_once),
            ("paste_wanted", self.paste_rows),
            ("exchange_wanted", self.give_directory),
            ("cards_wanted", self.print_cards),
            ("photos_wanted", self.show_photos),
            ("walks_wanted", self.show_walks),
        ):
            signal = getattr(tab, name, None)
            if signal is not None:
                signal.connect(slot)
        return tab

    def _made(self, make: Callable[[], TabPage]) -> TabPage:
        """A tab with the widths its columns had the last time."""
        tab = make()
        for view in tab.findChildren(RowView):
            name = f"columns.{view.objectName()}"
            view.set_widths(self._preferences.numbers(name))
            view.widths_changed.connect(partial(self._note_widths, name, view))
        return tab

    def _note_widths(self, name: str, view: RowView) -> None:
        # A column that is dragged tells every pixel.
        self._widths[name] = view
        self._rest.start()

    def _keep_widths(self) -> None:
        self._rest.stop()
        if self._widths:
            self._preferences.keep(**{name: view.widths() for name, view in self._widths.items()})
            self._widths.clear()

    @property
    def _root(self) -> str:
        return str(self.desk.store.folder.root)

    def _end_beginning(self) -> None:
        self._preferences.keep(**{_BEGUN: {**self._preferences.numbers(_BEGUN), self._root: 1}})

    # What one tab wants of another

    def take_step(self, step: BeginningStep) -> None:
        """Open where a new station is told what it still lacks."""
        match step:
            case BeginningStep.VILLAGES:
                self.frame.show_query(Query("village"))
            case BeginningStep.ROSTER:
                self.bring_in("household")
            case BeginningStep.PLACE:
                self.show_settings("place")
            case BeginningStep.WORKERS:
                self.show_settings("workers")
            case BeginningStep.RESOURCES:
                self.frame.show_query(Query("resource"))
            case BeginningStep.MAP:
                self.begin_map()

    def begin_map(self) -> None:
        """Lead from a white sheet to a community map."""
        from stationdesk.ui.tabs.map import MapTab

        tab = self.frame.show_tab("map")
        if isinstance(tab, MapTab):
            tab.begin_map()

    def begin_record(self, record: str, values: Values | None = None) -> None:
        """Begin a new record in the tab that shows its kind."""
        place = next(each for each in self._places() if record in each.records)
        self.frame.show_tab(place.name).begin_record(record, values or {})

    def find_resources(self, need: str) -> None:
        """Look for resources for a need."""
        self.frame.show_tab("matching").open_record("need", Key(need))

    def show_on_map(self, record: str, key: str) -> None:
        """Show a record on the map, or have it placed there."""
        self.frame.show_tab("map").open_record(record, Key(key))

    def show_settings(self, part: Literal["", "place", "workers"] = "") -> None:
        """Open what the station is made of: its profile, who works there, its lists."""
        from stationdesk.ui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._kit, self.frame)
        if part:
            dialog.show_part(part)
        dialog.finished.connect(lambda _result: self._left_settings())
        self._in_settings = True
        dialog.open()

    def _note_fields(self, changes: ChangeSet) -> None:
        """The station's own fields are told otherwise: forms and lists show that as soon as nobody edits them."""
        if "custom_field" not in changes.records:
            return
        self._retold |= frozenset(own_fields.RECORDS_WITH_ROOM)
        if not self._in_settings:
            QTimer.singleShot(0, self, self._renew)  # an undo in the window itself

    def _left_settings(self) -> None:
        self._in_settings = False
        self._renew()

    def _renew(self) -> None:
        retold, self._retold = self._retold, frozenset()
        if retold:
            self.frame.renew(retold)

    def bring_in(self, kind: str) -> None:
        """Open the import of this kind of record."""
        from stationdesk.ui.dialogs.import_wizard import ImportWizard

        wizard = ImportWizard(self.desk, kind, self.frame)
        wizard.query_wanted.connect(self.frame.show_query)
        wizard.open()

    def show_imports(self) -> None:
        """Open the list of imports, from which any of them is taken back."""
        from stationdesk.ui.dialogs.import_journal import ImportsDialog

        ImportsDialog(self.desk, self.frame).open()

    def give_list(
        self,
        query: Query,
        columns: tuple[str, ...],
        chosen: tuple[Key, ...],
        *,
        above: QWidget | None = None,
    ) -> None:
        """Open the export and print of a list as it is filtered now."""
        from stationdesk.ui.dialogs.list_out import ListDialog

        printer, folders = self._web_printer(), self._folders
        ListDialog(self.desk, printer, folders, query, columns, chosen, above or self.frame).open()

    def print_cards(self, kind: str, query: Query, keys: tuple[Key, ...], words: str) -> None:
        """Open the print of cards and visit slips: of one record that has `words`, or of a list."""
        from stationdesk.services.cards import CardKind, CardsOut
        from stationdesk.ui.dialogs.cards_out import CardsDialog

        meant = keys if words or len(keys) > 1 else None
        wanted = CardsOut(CardKind[kind.upper()], query, meant, words)
        CardsDialog(self.desk, self._web_printer(), self._folders, wanted, self.frame).open()

    def change_at_once(self, record: str, keys: tuple[Key, ...]) -> None:
        """Change several records at once."""
        from stationdesk.ui.dialogs.bulk import BulkDialog

        BulkDialog(record, keys, self._kit, self.frame).open()

    def paste_rows(self, record: str, fields: tuple[Field, ...]) -> None:
        """Open the import on the rows of the clipboard."""
        from stationdesk.ui.pasting import open_paste

        open_paste(self.desk, record, fields, self.frame, self.frame.show_query)

    def compare_lists(self) -> None:
        """Open the comparison with a list that somebody else keeps."""
        from stationdesk.ui.dialogs.compare import CompareDialog

        dialog = CompareDialog(self.desk, self._folders, self.frame)
        dialog.open_wanted.connect(self.frame.open_record)
        dialog.open()

    def give_directory(self, query: Query | None = None) -> None:
        """Open the export of a list in the formats of other programs: of resources unless told."""
        from stationdesk.ui.dialogs.open_formats import OpenFormatDialog

        OpenFormatDialog(self.desk, self._folders, query or Query("resource"), self.frame).open()

    def take_walk(self) -> None:
        """Open the window that takes photos and tracks of a community walk in."""
        from stationdesk.ui.dialogs.walk import WalkDialog

        dialog = WalkDialog(self.desk, self.frame)
        dialog.taken.connect(lambda _changes: self.frame.show_tab("map"))
        dialog.open()

    def show_photos(self, record: str, key: str, photo: str) -> None:
        """Open a photo of a record, with the others beside it."""
        from stationdesk.ui.dialogs.photo import PhotoDialog

        PhotoDialog(self.desk, self._folders, record, Key(key), Key(photo), self.frame).open()

    def show_walks(self, walk: str = "") -> None:
        """Open the list of the walks, at one of them if told."""
        from stationdesk.ui.dialogs.walks import WalksDialog

        dialog = WalksDialog(self.desk, self.frame)
        dialog.new_wanted.connect(self.take_walk)
        dialog.query_wanted.connect(self.frame.show_query)
        dialog.show_walk(walk)
        dialog.open()

    def show_field_sheets(self) -> None:
        """Open the sheets that are drawn on in the villages: one more to print, one to take back."""
        from stationdesk.ui.dialogs.field_sheets import FieldSheetsDialog

        dialog = FieldSheetsDialog(self.desk, self._web_printer(), self._folders, self.frame)
        dialog.returned.connect(lambda: self.frame.show_tab("map"))
        dialog.open()

    def make_handout(self, kind: SheetKind | None = None) -> None:
        """Open 发放地图, with the answers of last time, or for a kind that was spoken of."""
        from stationdesk.ui.dialogs.handout import HandoutDialog

        last = dict(self._preferences.texts(_ANSWERS))
        if kind is not None:
            last["kind"] = kind.code
        dialog = HandoutDialog(self.desk, self._web_printer(), self._folders, last, self.frame)
        dialog.answered.connect(lambda texts: self._preferences.keep(**{_ANSWERS: texts}))
        dialog.open_wanted.connect(self._open_found)
        dialog.query_wanted.connect(self.frame.show_query)
        dialog.copies_wanted.connect(partial(self.note_copies, dialog))
        dialog.open()

    def _open_found(self, record: str, key: str) -> None:
        if record == "station":
            self.show_settings()
        else:
            self.frame.open_record(record, key)

    def note_copies(self, above: QWidget | None = None) -> None:
        """Open the list of editions and of where their copies went."""
        from stationdesk.ui.dialogs.handout_copies import CopiesDialog

        dialog = CopiesDialog(self._kit, above or self.frame)
        dialog.list_wanted.connect(partial(self.give_list, above=dialog))
        dialog.open()

    def _web_printer(self) -> Printer:
        from stationdesk.ui.web.printing import WebPrinter

        if self._printer is None:
            self._printer = WebPrinter()
        return self._printer

    def _folder(self, name: str) -> Path | None:
        """A folder that was chosen the last time, as long as it is there; a stick may be gone."""
        last = self._preferences.text(name)
        return Path(last) if last and Path(last).is_dir() else None

    # The status line

    def _read_facts(self, *_changes: object) -> None:
        self.desk.read(facts.facts_of, then=self._show_facts)

    def _show_facts(self, found: StationFacts) -> None:
        self.frame.show_title(found.title)
        self.frame.show_facts(Facts(found.worker, found.practice, found.last_backup, found.backup_due))

    def _backed_up(self, path: Path) -> None:
        self.desk.notify(_("已备份并核对：{name}").format(name=path.name))
        self._backed_up_alone(path)

    def _backed_up_alone(self, path: Path | None) -> None:
        home = self.frame.tab("home")
        if path is None:
            return
        self._read_facts()
        if home is not None:
            home.fetch()  # a backup is no change of a record, but the first tab speaks of it


def compose(store: Store, look: Look, preferences: Preferences) -> Window:
    """A window over an open station."""
    return Window(store, look, preferences)
