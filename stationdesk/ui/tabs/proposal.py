"""One need and what could answer it, beside the list of needs that wait."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from stationdesk.core.fields import Key
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.db.models import Need, fields_of
from stationdesk.services.listing import Page, Row, page_of
from stationdesk.services.matching import MOST, Suggestion, next_step, suggest
from stationdesk.services.store import Store
from stationdesk.ui.tables.pills import role_of
from stationdesk.ui.tabs.suggestions import SuggestionList
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip, without_remark, words

_TOLD = ("item", "urgency", "status", "village", "description", "code")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A need and what could answer it; no rows when the need is gone."""

    page: Page
    suggestions: tuple[Suggestion, ...]


def proposal_for(store: Store, need: Key, also_excluded: bool) -> Proposal:
    """A need with its ranked resources."""
    page = page_of(store, "need", need)
    found = suggest(store, need, MOST, also_excluded=also_excluded) if page.rows else ()
    return Proposal(page, found)


def client_of(row: Row, page: Page) -> str:
    """Whose need it is: a person, a household or a village. Names of people are masked, as in every list."""
    for record in ("person", "household", "village"):
        key = row.values.get(f"{record}_key")
        if key:
            title = page.book.title(record, key)
            return mask_name(title) if record == "person" else title
    return ""


class ProposalCard(QFrame):
    """Head of the need, its words, and the list of suggestions."""

    need_wanted = Signal()
    """Open the need that is shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("proposal")
        self.setProperty("look", "card")
        self.setMinimumWidth(look.pixels(380))
        self.suggestions = SuggestionList(look, self)
        self._title = self._label("proposal_title", "heading")
        self._urgency = QLabel(self)
        self._urgency.setProperty("look", "pill")
        self._urgency.setProperty("role", Role.IDLE.value)  # the margins come with a role, whichever
        self._urgency.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._urgency.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._about = self._label("proposal_about", "muted")
        self._words = self._label("proposal_words", "")
        self._words.setWordWrap(True)
        self._lead = self._label("proposal_lead", "heading")
        self._filler = QWidget(self)
        self._open = QPushButton(_("打开需求"), self)
        self._open.setObjectName("proposal_open")
        self._open.setAccessibleName(_("打开需求"))
        look.set_icon(self._open, "external-link")
        self._open.clicked.connect(lambda _on: self.need_wanted.emit())
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._urgency)
        head.addWidget(self._open)
        above = QHBoxLayout()
        above.addWidget(self._lead, 1)
        above.addWidget(self.suggestions.excluded)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 6, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addWidget(self._words)
        column.addLayout(above)
        column.addWidget(self.suggestions, 1)
        column.addWidget(self._filler, 1)

    def show_proposal(self, proposal: Proposal) -> None:
        """Show a need that is there, and its suggestions."""
        page, row = proposal.page, proposal.page.rows[0]
        told = {each.key: each for each in fields_of(Need)}
        text = {name: words(told[name], row.values.get(name), page.book) for name in _TOLD}
        self._title.setText(f"{text['item']} · {client_of(row, page)}")
        self._title.setToolTip(tip(self._title.text()))
        self._urgency.setProperty("role", (role_of(row.values["urgency"]) or Role.IDLE).value)
        self._urgency.style().unpolish(self._urgency)
        self._urgency.style().polish(self._urgency)
        # Last, because a label measures itself with a text, and the margins come with the role.
        self._urgency.clear()
        self._urgency.setText(without_remark(text["urgency"]))
        waited = _("已等 {days} 天").format(days=row.values.get("waiting") or 0)
        about = (text["code"], text["village"], waited, text["status"])
        self._about.setText(" · ".join(each for each in about if each))
        self._words.setText(text["description"])
        self._lead.setText(next_step(proposal.suggestions).sentence)
        self._set_open(open_=True)
        self._words.setVisible(bool(text["description"]))
        self.suggestions.show_suggestions(proposal.suggestions)

    def show_nothing(self) -> None:
        """Say what to do when no need is chosen."""
        self._title.setText(_("在左边选一条需求，看哪些资源能用。"))
        self._set_open(open_=False)

    def _label(self, name: str, look: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("look", look)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def _set_open(self, *, open_: bool) -> None:
        self._title.setProperty("look", "heading" if open_ else "empty")
        self._title.style().unpolish(self._title)
        self._title.style().polish(self._title)
        parts = (self._urgency, self._open, self._about, self._words, self._lead, self.suggestions.excluded)
        for widget in (*parts, self.suggestions):
            widget.setVisible(open_)
        self._filler.setVisible(not open_)
