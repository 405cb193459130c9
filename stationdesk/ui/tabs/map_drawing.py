"""What is drawn on the map on its way to a record: the pen in hand, the panel that names it, and mending."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.services import drawing, starter
from stationdesk.services.listing import pick
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.map_naming import Named, NamingPanel, Neighbours
from stationdesk.ui.tabs.map_pens import RANGE, Pen, PenRow, pen_for, pen_of

if TYPE_CHECKING:
    from stationdesk.ui.web.map_view import MapView

_MOST_GROUPS = 2_000


def neighbours_of(store: Store) -> Neighbours:
    """The villages and groups whose range may be drawn."""
    villages, groups = (
        tuple((each.key, each.title) for each in pick(store, record, "", _MOST_GROUPS))
        for record in ("village", "village_group")
    )
    return Neighbours(villages, groups)


class Drawing(QObject):
    """Between the map, the pens over it and the panel beside it. One thing is drawn or mended at a time."""

    panel_shown = Signal(bool)
    kept = Signal(object)
    """A `Named` that was drawn is a record now."""
    left = Signal()
    """What was begun was given up."""
    waiting_changed = Signal()
    """There is something drawn that is not kept yet, or there was."""

    def __init__(self, desk: Desk, pens: PenRow, panel: NamingPanel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._pens = pens
        self._panel = panel
        self._view: MapView | None = None
        self._geometry = ""
        self._metres: float | None = None
        self._renamed: tuple[str, Key] | None = None
        self._mode = ""
        self._steps = (0, 0)
        panel.pen_changed.connect(self._change_pen)
        panel.given.connect(self._given)
        panel.given_up.connect(self.give_up)

    def work_on(self, view: MapView) -> None:
        """The map is there."""
        self._view = view
        view.drawn.connect(self._drawn)
        view.edited.connect(self._edited)
        view.cut.connect(self._cut)
        view.cancelled.connect(self._cancelled)
        view.tool_changed.connect(self._follow_tool)

    @property
    def waits(self) -> bool:
        """Whether something is drawn that is not kept yet."""
        return bool(self._geometry)

    def take_up(self, pen: Pen, name: str = "", metres: float | None = None) -> None:
        """Let people draw; with a `name` it is kept under that without a question.

        A line that is known to be so many `metres` long is made so, however long it was drawn.
        """
        if self._view is None:
            return
        if self._geometry:
            self._desk.notify(_("先给刚画的起个名字，或点“不要了”。"), Weight.WARN)
            return
        self._renamed = None
        self._metres = metres
        self._panel.begin(pen, name)
        self.panel_shown.emit(True)
        self._desk.read(neighbours_of, then=self._panel.offer)
        self._view.start_drawing(pen.kind.code, pen.geometry, name or pen.label)

    def mend(self, record: str, key: Key, *, extend: bool = False) -> None:
        """Let people move the points of a drawing or of a group's range."""
        if self._view is not None:
            self._view.edit_drawing(record, key, extend=extend)

    def rename(self, record: str, key: Key, values: Values) -> None:
        """Ask for another name, and another kind, of something drawn."""
        if self._geometry or (record == "village_group" and not values["boundary"]):
            return
        if self._mode == "draw" and self._view is not None:
            self._view.leave_tool()
        self._renamed = (record, key)
        pen = pen_of(RANGE)
        if record == "feature":
            pen = pen_for(values["kind"], values["geometry"])
        self._panel.rename(pen, values["name"], on_handout=bool(values.get("on_handout", True)))
        self.panel_shown.emit(True)

    def give_up(self) -> None:
        """Neither draw nor name anything."""
        if self._view is not None:
            self._view.forget_drawing()
            if self._renamed is None:
                self._view.leave_tool()
        self._put_away()
        self.left.emit()

    def step(self, *, ahead: bool) -> bool:
        """Take back a step of what is being drawn, or do it again; False where there is none."""
        if self._view is None or not self._steps[ahead]:
            return False
        self._view.step_tool(ahead=ahead)
        return True

    # What the map says

    def _follow_tool(self, mode: str, back: int, ahead: int) -> None:
        self._mode = mode
        self._steps = (back, ahead)
        self._pens.show_pen(self._panel.pen if mode == "draw" else None)
        # Another tool took the place of the pen. That none is in hand is told late, after the next may be taken up.
        if mode not in {"", "draw"} and not self._geometry and self._renamed is None:
            self._put_away()

    def _drawn(self, _kind: str, geometry: str) -> None:
        self._geometry = geometry if self._metres is None else starter.stretched(geometry, self._metres)
        self.waiting_changed.emit()
        # Word that a former pen was put down may come after the next was taken up, and puts its panel away.
        self._panel.show()
        self.panel_shown.emit(True)
        self._panel.complete()

    def _cancelled(self) -> None:
        if not self._geometry and self._renamed is None and not self._panel.isHidden():
            self._put_away()
            self.left.emit()

    def _edited(self, record: str, key: str, geometry: str) -> None:
        use_cases = {"feature": drawing.reshape, "village_group": drawing.bound}
        if record in use_cases:

            def done(changes: ChangeSet) -> None:
                self._desk.notify(_("形状已保存") if changes else _("形状没有变"))

            self._desk.change(use_cases[record], Key(key), geometry, then=done, owner=self)

    def _cut(self, key: str, geometry: str, rest: str) -> None:
        done = _("已断开成两段，可以分别改名。")
        self._desk.change(
            drawing.cut, Key(key), geometry, rest, then=lambda _changes: self._desk.notify(done), owner=self
        )

    # What the panel says

    def _change_pen(self, pen: Pen) -> None:
        self._metres = None
        if not self._geometry and self._renamed is None and self._view is not None:
            self._view.start_drawing(pen.kind.code, pen.geometry, pen.label)

    def _given(self, named: Named) -> None:
        keep = self._keeping(named) if self._renamed is None else self._renaming(named, *self._renamed)

        def done(changes: ChangeSet) -> None:
            drawn = self._renamed is None
            draws_on = drawn and self._panel.draws_on
            self._desk.notify(_("已保存：{what}").format(what=changes.why) if changes else _("名称没有变"))
            self._put_away()
            if drawn:
                self.kept.emit(named)
            if draws_on:
                self.take_up(named.pen)

        def refused(error: UserError) -> None:
            self._panel.refuse(str(error))

        self._desk.change(keep, then=done, failed=refused, owner=self)

    @staticmethod
    def _renaming(named: Named, record: str, key: Key) -> Callable[[Store], ChangeSet]:
        def keep(store: Store) -> ChangeSet:
            return drawing.rename(
                store, record, key, named.name, kind=named.pen.kind, on_handout=named.on_handout
            )

        return keep

    def _keeping(self, named: Named) -> Callable[[Store], ChangeSet]:
        geometry = self._geometry

        def keep(store: Store) -> ChangeSet:
            if named.group is not None:
                return drawing.bound(store, named.group, geometry)
            if named.village is not None:
                return drawing.found_group(store, named.village, named.name, geometry)
            return drawing.draw(
                store,
                named.pen.kind,
                named.name,
                geometry,
                on_handout=named.on_handout,
                resource=named.resource,
            )

        return keep

    def _put_away(self) -> None:
        waited, self._geometry, self._renamed = self._geometry, "", None
        self._panel.hide()
        self.panel_shown.emit(False)
        if waited:
            self.waiting_changed.emit()
