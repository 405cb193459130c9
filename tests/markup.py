"""What a window would show otherwise than it is stored, because Qt takes it for markup or for a mnemonic."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QTabBar, QWidget


def interpreted(root: QWidget) -> Iterator[str]:
    """What in a window would be taken for markup or for a mnemonic instead of being shown as it is."""
    for widget in (root, *root.findChildren(QWidget)):
        if is_markup(widget.toolTip()):
            yield f"tip of {widget.objectName()}: {widget.toolTip()[:80]}"
        match widget:
            case QLabel() if widget.textFormat() is not Qt.TextFormat.PlainText:
                if Qt.mightBeRichText(widget.text()) or is_markup(widget.text()):
                    yield f"label {widget.objectName()}: {widget.text()[:80]}"
            case QAbstractButton() if is_mnemonic(widget.text()):
                yield f"button {widget.objectName()}: {widget.text()[:80]}"
            case QAbstractItemView():
                yield from (
                    f"tip in {widget.objectName()}: {tip[:80]}" for tip in tips(widget) if is_markup(tip)
                )
            case QTabBar():
                words = (widget.tabText(place) for place in range(widget.count()))
                yield from (
                    f"tab of {widget.objectName()}: {each[:80]}" for each in words if is_mnemonic(each)
                )
            case _:
                pass


def is_mnemonic(text: str) -> bool:
    """Whether a sign of the text would become an underlined letter."""
    return "&" in text.replace("&&", "")


def is_markup(text: str) -> bool:
    """Whether Qt takes a text for markup, other than the one paragraph that keeps station text as it is."""
    inside = text.removeprefix("<p style='white-space: pre-wrap'>").removesuffix("</p>")
    return Qt.mightBeRichText(text) and ("<" in inside or inside == text)


def tips(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for row in range(min(model.rowCount(), 120)):
        for place in range(model.columnCount(QModelIndex())):
            yield str(model.index(row, place).data(Qt.ItemDataRole.ToolTipRole) or "")
