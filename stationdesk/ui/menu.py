"""The menu of the window: what is not done every day."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from stationdesk.core.messages import Language, _, language_in_use
from stationdesk.ui.theme import SIZES, Look, Theme


class WindowMenu(QMenu):
    """Says what the worker wants; the app does it."""

    backup_wanted = Signal()
    other_station_wanted = Signal()
    handout_wanted = Signal()
    copies_wanted = Signal()
    imports_wanted = Signal()
    compare_wanted = Signal()
    exchange_wanted = Signal()
    walk_wanted = Signal()
    walks_wanted = Signal()
    starter_wanted = Signal()
    field_sheets_wanted = Signal()
    language_wanted = Signal(object)
    """A `Language`; the app builds the window anew."""
    look_chosen = Signal()
    """Theme or size were changed and are to be kept."""
    settings_wanted = Signal()
    about_wanted = Signal()
    shortcuts_wanted = Signal()
    exit_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._language_actions: dict[Language, QAction] = {}
        self.setObjectName("window_menu")
        self.setAccessibleName(_("菜单"))
        self._add(_("发放地图…"), "map-2", "menu_handout").triggered.connect(self.handout_wanted)
        self._add(_("地图发放登记…"), "clipboard-list", "menu_copies").triggered.connect(self.copies_wanted)
        self.addSeparator()
        self._add(_("立即备份…"), "archive", "menu_backup").triggered.connect(self.backup_wanted)
        self._add(_("打开其他站点…"), "folder-open", "menu_other_station").triggered.connect(
            self.other_station_wanted
        )
        self._add(_("与对方名册比对…"), "layers-subtract", "menu_compare").triggered.connect(
            self.compare_wanted
        )
        self._add(_("导出资源目录（HSDS、地图格式）…"), "file-export", "menu_exchange").triggered.connect(
            self.exchange_wanted
        )
        self._add(_("走访图：打印和收回…"), "pencil", "menu_field_sheets").triggered.connect(
            self.field_sheets_wanted
        )
        self._add(_("白纸起步：画社区地图…"), "map-2", "menu_starter").triggered.connect(self.starter_wanted)
        self._add(_("收入社区行走的照片和轨迹…"), "walk", "menu_walk").triggered.connect(self.walk_wanted)
        self._add(_("社区行走记录…"), "list", "menu_walks").triggered.connect(self.walks_wanted)
        self._add(_("导入记录…"), "history", "menu_imports").triggered.connect(self.imports_wanted)
        self._add(_("设置…"), "settings", "menu_settings").triggered.connect(self.settings_wanted)
        self.addSeparator()
        self._themes()
        self._sizes()
        self._languages()
        self.addSeparator()
        self._add(_("快捷键"), "keyboard", "menu_shortcuts").triggered.connect(self.shortcuts_wanted)
        self._add(_("关于与许可证"), "info-circle", "menu_about").triggered.connect(self.about_wanted)
        self.addSeparator()
        leave = self._add(_("退出"), "logout", "menu_exit")
        leave.setShortcut("Ctrl+Q")
        leave.triggered.connect(self.exit_wanted)
        if parent is not None:
            parent.addAction(leave)

    def add_entry(self, text: str, icon: str, name: str) -> QAction:
        """An entry of the app, at the top."""
        action = QAction(text, self)
        action.setObjectName(name)
        self._look.set_icon(action, icon, "muted")
        self.insertAction(self.actions()[0], action)
        return action

    def _add(self, text: str, icon: str, name: str) -> QAction:
        action = self.addAction(text)
        action.setObjectName(name)
        self._look.set_icon(action, icon, "muted")
        return action

    def _choice(self, title: str, icon: str, name: str) -> tuple[QMenu, QActionGroup]:
        menu = self.addMenu(title)
        menu.setObjectName(name)
        self._look.set_icon(menu.menuAction(), icon, "muted")
        return menu, QActionGroup(menu)

    def _themes(self) -> None:
        menu, group = self._choice(_("颜色"), "sun", "menu_theme")
        for theme, words in (
            (Theme.LIGHT, _("浅色")),
            (Theme.DARK, _("深色")),
            (Theme.SYSTEM, _("跟随系统")),
        ):
            action = menu.addAction(words)
            action.setObjectName(f"menu_theme_{theme.value}")
            action.setCheckable(True)
            action.setChecked(theme is self._look.theme)
            action.triggered.connect(lambda _on, theme=theme: self._set_theme(theme))
            group.addAction(action)

    def _sizes(self) -> None:
        menu, group = self._choice(_("字号"), "letter-case", "menu_size")
        for size in SIZES:
            action = menu.addAction(_("{size} 磅").format(size=size))
            action.setObjectName(f"menu_size_{size}")
            action.setCheckable(True)
            action.setChecked(size == self._look.size)
            action.triggered.connect(lambda _on, size=size: self._set_size(size))
            group.addAction(action)

    def _languages(self) -> None:
        menu, group = self._choice("语言 / Language", "language", "menu_language")
        for language, words in ((Language.CHINESE, "中文"), (Language.ENGLISH, "English")):
            action = menu.addAction(words)
            action.setObjectName(f"menu_language_{language.value}")
            action.setCheckable(True)
            action.setChecked(language is language_in_use())
            action.triggered.connect(lambda _on, language=language: self.language_wanted.emit(language))
            # The tick follows the language, not the wish: over unsaved work the window stays as it is.
            action.triggered.connect(lambda _on: self._tick_language())
            group.addAction(action)
            self._language_actions[language] = action

    def _tick_language(self) -> None:
        self._language_actions[language_in_use()].setChecked(True)

    def _set_theme(self, theme: Theme) -> None:
        self._look.set_theme(theme)
        self.look_chosen.emit()

    def _set_size(self, size: int) -> None:
        self._look.set_size(size)
        self.look_chosen.emit()
