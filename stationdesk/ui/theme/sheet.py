"""The one style sheet, written from the colours and scaled with the chosen size.

Widgets say what they are by `objectName` or by the property `look` (`primary`, `quiet`, `card`, `chip`,
`title`, `muted`, `problem`, `bar`, `tile`, `line`, `figure`); colours by meaning come through the property `role`.
"""

from __future__ import annotations

from string import Template

from stationdesk.ui.theme.colours import DARK, Colours, Role

_SHEET = Template("""
QMainWindow, QDialog { background: $ground; }
QWidget[look="ground"], QScrollArea, QScrollArea > QWidget > QWidget[look="clear"] { background: transparent;
    border: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $strong_line; padding: ${p4}px; }
QFrame[look="card"] { background: $surface; border: 1px solid $line; border-radius: ${p8}px; }
QFrame[look="inner"] { background: $surface; border: 1px solid $line; border-radius: ${p6}px; }
QFrame[look="strip"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[look="foot"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[look="popup"] { background: $surface; border: 1px solid $strong_line; border-radius: ${p8}px; }

QLabel { background: transparent; }
QLabel[look="title"] { font-size: ${large}pt; font-weight: 600; }
QLabel[look="heading"] { font-size: ${medium}pt; font-weight: 600; }
QLabel[look="figure"] { font-size: ${huge}pt; font-weight: 600; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="small"] { color: $muted; font-size: ${small}pt; }
QLabel[look="problem"] { color: $bad; font-size: ${small}pt; }
QLabel[look="good"] { color: $ok; font-size: ${small}pt; }
QLabel[look="field"] { color: $muted; }
QLabel[look="field"][changed="true"] { color: $accent; font-weight: 600; }
QLabel[look="empty"] { color: $muted; font-size: ${medium}pt; }

QPushButton, QToolButton { background: $surface; color: $text; border: 1px solid $strong_line; border-radius: ${p6}px;
    padding: ${p5}px ${p14}px ${p5}px ${p12}px; min-height: ${line_height}px; }
QToolButton { padding: ${p5}px ${p7}px; }
QPushButton:hover, QToolButton:hover { background: $raised; }
QPushButton:pressed, QToolButton:pressed { background: $accent_soft; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: ${p4}px ${p13}px ${p4}px ${p11}px; }
QToolButton:focus { padding: ${p4}px ${p6}px; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $raised; border-color: $line; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[look="quiet"], QToolButton[look="quiet"] { background: transparent; border: 1px solid transparent; }
QPushButton[look="quiet"]:hover, QToolButton[look="quiet"]:hover { background: $raised; }
QPushButton[look="quiet"]:focus, QToolButton[look="quiet"]:focus { border: 2px solid $accent; }
QPushButton[look="tile"] { background: $surface; border: 1px solid $line; border-radius: ${p8}px; padding: 0; }
QPushButton[look="tile"]:hover { background: $raised; border-color: $strong_line; }
QPushButton[look="tile"]:focus { border: 2px solid $accent; }
QPushButton[look="line"] { background: transparent; border: 1px solid transparent; text-align: left;
    padding: ${p4}px ${p6}px; }
QPushButton[look="line"]:hover { background: $raised; }
QPushButton[look="line"]:focus { border: 2px solid $accent; padding: ${p3}px ${p5}px; }
QPushButton[look="line"]:disabled { color: $text; background: transparent; }
QPushButton[look="chip"] { border-radius: ${chip}px; padding: ${p3}px ${p9}px; color: $muted; }
QPushButton[look="chip"]:checked { background: $accent_soft; color: $accent; border: 1px solid $accent;
    font-weight: 600; }
QPushButton[look="segment"] { border-radius: 0; color: $muted; border-left-width: 0; }
QPushButton[look="segment"][side="first"] { border-left-width: 1px; border-top-left-radius: ${p6}px;
    border-bottom-left-radius: ${p6}px; }
QPushButton[look="segment"][side="last"] { border-top-right-radius: ${p6}px; border-bottom-right-radius: ${p6}px; }
QPushButton[look="segment"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[look="segment"]:focus { border: 2px solid $accent; }
QPushButton[look="chip"]:focus { border: 2px solid $accent; padding: ${p2}px ${p8}px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QComboBox { background: $surface; color: $text; border: 1px solid $strong_line;
    border-radius: ${p6}px; padding: ${p5}px ${p8}px; min-height: ${line_height}px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent;
    padding: ${p4}px ${p7}px; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] { border: 2px solid $bad;
    padding: ${p4}px ${p7}px; }
QLineEdit:read-only, QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: $raised;
    color: $text;
    border-color: $line; }
QLineEdit[look="set"] { background: $surface; border-color: $strong_line; padding-right: ${p28}px; }
QLineEdit[look="set"]:focus { border: 2px solid $accent; padding-right: ${p27}px; }
QPlainTextEdit { padding: ${p3}px ${p5}px; }
QComboBox { padding-right: ${p2}px; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: ${p24}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView, QCalendarWidget QAbstractItemView { background: $surface; color: $text;
    border: 1px solid $strong_line; selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item, QListView::item { padding: ${p4}px ${p8}px; min-height: ${line_height}px; }
QListView::item:selected { background: $accent_soft; color: $text; }
QListView::item:hover { background: $raised; }
QListView[look="clear"] { border: none; }
QListView[look="notes"] { border: none; background: transparent; }
QListView[look="notes"]::item { padding: ${p4}px 0; }
QCheckBox { spacing: ${p8}px; background: transparent; min-height: ${line_height}px; padding: ${p4}px;
    border: 2px solid transparent;
    border-radius: ${p6}px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; }
QRadioButton { spacing: ${p8}px; background: transparent; min-height: ${line_height}px; padding: ${p4}px;
    border: 2px solid transparent;
    border-radius: ${p6}px; }

QCheckBox::indicator, QListView::indicator, QTableView::indicator {
    width: ${p15}px; height: ${p15}px; border: 1px solid $muted; border-radius: ${p4}px; background: $surface; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked {
    border: 1px solid $accent; background: $tick; image: url(:/icons/check.svg); }
QRadioButton::indicator { width: ${p13}px; height: ${p13}px; border: 1px solid $muted; border-radius: ${p7}px;
    background: $surface; }
QRadioButton::indicator:checked { width: ${p6}px; height: ${p6}px; border: ${p5}px solid $accent;
    border-radius: ${p8}px; }

QTableView { background: $surface; color: $text; border: none; outline: none; gridline-color: $line;
    selection-background-color: $accent_soft;
    selection-color: $text; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section { background: $raised; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: ${p7}px ${p8}px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: $raised; border: none; }

QTabBar { background: transparent; border: none; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 3px solid transparent;
    padding: ${p7}px ${p9}px ${p5}px ${p9}px; }
QTabBar::tab:hover { color: $text; background: $raised; }
QTabBar::tab:selected { color: $accent; border-bottom: 3px solid $accent; font-weight: 600; }
QTabBar::tab:focus { color: $accent; background: $accent_soft; }
QTabBar#tab_strip::tab { padding: ${p10}px ${p10}px ${p8}px ${p8}px; }
QTabBar QToolButton { min-height: 0; padding: 0; border: none; background: $surface; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }

QMenu { background: $surface; color: $text; border: 1px solid $strong_line; padding: ${p5}px; }
QMenu::item { padding: ${p6}px ${p24}px ${p6}px ${p10}px; border-radius: ${p5}px; }
QMenu::icon { padding-left: ${p8}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px; }

QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $strong_line; border-radius: ${p4}px; margin: 2px; min-height: ${p28}px;
    min-width: ${p28}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QProgressBar { background: $raised; border: none; border-radius: ${p4}px; min-height: ${p8}px;
    max-height: ${p8}px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: ${p4}px; }
QCalendarWidget QWidget { background: $surface; color: $text; }
QCalendarWidget QToolButton { border: none; }
$roles
""")

_ROLE = Template("""
QFrame[look="bar"][role="$role"] { background: $soft; border: 1px solid $strong; border-radius: ${radius}px; }
QFrame[look="bar"][role="$role"] QLabel { color: $strong; }
QLabel[look="pill"][role="$role"] { background: $soft; color: $strong; border-radius: ${chip}px;
    padding: ${p2}px ${p9}px; }
QLabel[look="plain"][role="$role"] { color: $strong; }
QLabel[look="figure"][role="$role"] { color: $strong; }
""")


def sheet_of(colours: Colours, size: int) -> str:
    """The style sheet for `colours` at a base size in points."""
    scale = size / 11
    lengths = {f"p{n}": str(round(n * scale)) for n in range(2, 29)}
    lengths["line_height"] = str(round(21 * scale))
    lengths["chip"] = str(round(12 * scale))
    points = {"small": f"{size * 0.92:.1f}", "medium": f"{size * 1.12:.1f}", "large": f"{size * 1.36:.1f}"}
    points["huge"] = f"{size * 1.8:.1f}"
    names = {name: getattr(colours, name) for name in Colours.__slots__}
    roles = "".join(
        _ROLE.substitute(
            role=role.value,
            strong=colours.pair(role)[0],
            soft=colours.pair(role)[1],
            radius=lengths["p6"],
            chip=lengths["p10"],
            p2=lengths["p2"],
            p9=lengths["p9"],
        )
        for role in Role
    )
    # The tick of the resource is black: it stands on the light one of the two accent colours.
    names["tick"] = colours.accent_soft if colours is not DARK else colours.accent
    return _SHEET.substitute(names, **lengths, **points, roles=roles)
