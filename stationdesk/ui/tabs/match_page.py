"""对接记录: the matches that were made, each led step by step to the client's own word."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Place, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.db.models import Match, fields_of
from stationdesk.services.listing import Page, Row, page_of
from stationdesk.services.matches import move_match
from stationdesk.services.needs import close_need
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.match_step import ASKED, MatchStepDialog, words_for
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.state_line import StateLine
from stationdesk.ui.words import masked_words

_FIRST_COLUMNS = ("code", "state", "client", "need_key", "resource_key", "matched_on")
_BY_STEPS = ("state",)
"""Fields that only the steps change."""
_ICONS = {
    MatchState.CONTACTED: "phone",
    MatchState.SERVING: "heart-handshake",
    MatchState.DONE: "check",
    MatchState.CONFIRMED: "circle-check",
}


class MatchPage(Library):
    """The list of matches, and beside it where one stands and what comes next."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("match", kit, parent)
        self.records |= {"need"}
        self._values: Values = {}
        self._need_open = False
        told = {each.key: each for each in fields_of(Match)}
        self.filters.set_chips(told["state"])
        for scope in ("unconfirmed", "unfinished"):
            self.filters.add_scope(scope)
        self.add_village_combo("village")
        self.line = StateLine(kit.look, self.form)
        self.line.hide()
        column = self.form.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, self.line)
        self.add_history()
        self._build_foot()
        self.form.head.set_empty_words(_("在左边选一笔对接。"))
        self.say_when_empty(_("还没有对接。到“待对接需求”里为需求选一项资源。"), "")
        self._met = self.form.banner.add_button(_("需求已满足"), "match_need_met")
        self._met.clicked.connect(lambda _on: self._close_need())

    def _build_foot(self) -> None:
        foot = self.form.foot
        self._open_need = foot.add_button(_("需求"), "clipboard-list", "match_open_need", self._show_need)
        self._open_resource = foot.add_button(
            _("资源"), "building-community", "match_open_resource", self._show_resource
        )
        self._open_need.setToolTip(_("打开这笔对接的需求"))
        self._open_resource.setToolTip(_("打开这笔对接的资源，看联系方式"))
        self._others: dict[MatchState, QPushButton] = {}
        for state in (MatchState.SERVING, MatchState.DONE, MatchState.FAILED, MatchState.WITHDRAWN):
            words = _("仍在服务") if state is MatchState.SERVING else words_for(state)
            self._others[state] = foot.add_button(
                words, _ICONS.get(state, "ban"), f"match_to_{state.value}", partial(self.take_step, state)
            )
        self._next = foot.set_next_step(
            words_for(MatchState.CONTACTED), "check", "match_next", self._take_next
        )

    # What is shown

    @override
    def table_fields(self) -> tuple[Field, ...]:
        told = {each.key: each for each in fields_of(Match, Place.TABLE)}
        first = [told[name] for name in _FIRST_COLUMNS]
        return (*first, *(each for each in told.values() if each not in first))

    @override
    def form_fields(self) -> tuple[Field, ...]:
        return tuple(each for each in fields_of(Match, Place.FORM) if each.key not in _BY_STEPS)

    @override
    def read_page(self, store: Store, key: Key) -> Page:
        page = page_of(store, "match", key)
        if not page.rows:
            return page
        row = page.rows[0]
        need = page_of(store, "need", row.values["need_key"])
        is_open = bool(need.rows) and need.rows[0].values["status"].is_open
        return Page((Row(row.record, row.key, {**row.values, "need_open": is_open}),), page.book)

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        row = page.rows[0]
        resource = page.book.title("resource", row.values["resource_key"])
        told = next(each for each in fields_of(Match) if each.key == "client")
        client = masked_words(told, row.values.get("client"), page.book)
        return f"{client} ↔ {resource}", str(row.values["code"])

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        self._values = row.values
        state: MatchState = row.values["state"]
        self._need_open = bool(row.values.get("need_open"))
        self.line.show_state(state)
        self.line.show()
        following = state.following
        usual = following[0] if following else None
        if usual is not None:
            self.form.foot.set_next_step(words_for(usual), _ICONS[usual], "match_next", self._take_next)
            self.desk.look.set_icon(self._next, _ICONS[usual], "on_accent")
        self._next.setEnabled(usual is not None)
        if usual is None:
            self._next.setText(_("已了结"))
            self._next.setAccessibleName(_("已了结"))
        for other, button in self._others.items():
            button.setVisible(other in following and other is not usual)
        # 已联系 to 已完成 at once is allowed, and then 服务中 is the usual next step, not another one.
        if state is MatchState.PLANNED:
            self._others[MatchState.SERVING].hide()
        self._advise(state)

    def _advise(self, state: MatchState) -> None:
        late = self._values.get("due_on")
        if state is MatchState.CONFIRMED and self._need_open:
            self.form.banner.say(_("服务对象已确认。需求还开着：满足了就点“需求已满足”。"), Weight.GOOD)
            self._met.show()
        elif state.is_open and late is not None and late < self.kit.today():
            self.form.banner.say(_("已过预计完成日 {day}，请联系资源方。").format(day=late), Weight.WARN)
            self._met.hide()
        else:
            self.form.banner.hide()

    @override
    def new_record(self) -> None:
        """A match is made from a need, on the other page."""

    # Steps

    def _take_next(self) -> None:
        following = self.line.state.following
        if following:
            self.take_step(following[0])

    def take_step(self, state: MatchState) -> None:
        """Take the match to a state, asking first for what the step needs."""
        self.form.ask_to_leave(partial(self._step, state))

    def _step(self, state: MatchState) -> None:
        key = self.form.key
        if key is None:
            return
        if state not in ASKED:
            self.desk.change(move_match, key, state, then=partial(self._told, state), owner=self)
            return
        dialog = MatchStepDialog(state, self._values, self.kit, self)
        dialog.given.connect(partial(self._give, dialog, key))
        dialog.open()

    def _give(self, dialog: MatchStepDialog, key: Key, state: MatchState, values: Values) -> None:
        def done(changes: ChangeSet) -> None:
            dialog.accept()
            self._told(state, changes)

        def refused(error: UserError) -> None:
            dialog.refuse(error)

        self.desk.change(move_match, key, state, values, then=done, failed=refused, owner=dialog)

    def _told(self, state: MatchState, _changes: ChangeSet) -> None:
        self.desk.notify(_("已记为“{state}”").format(state=_(state.label)))

    def _close_need(self) -> None:
        need = self._values.get("need_key")
        if need:
            done = _("需求已关闭：已满足")
            self.desk.change(
                close_need,
                need,
                NeedStatus.MET,
                then=lambda _changes: self.desk.notify(done),
                owner=self,
            )

    def _show_need(self) -> None:
        self._open_linked("need")

    def _show_resource(self) -> None:
        self._open_linked("resource")

    def _open_linked(self, record: str) -> None:
        key = self._values.get(f"{record}_key")
        if key:
            self.open_wanted.emit(record, key)
