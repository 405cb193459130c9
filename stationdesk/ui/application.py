"""The Qt application: made once, with or without a screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    Qt,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from stationdesk.core.messages import Language
from stationdesk.ui.collecting import Collector

log = logging.getLogger("stationdesk.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def make_application() -> QApplication:
    """The application of this process, made when there is none yet.

    The web engine is loaded later, when a map or a print first needs it; for that its OpenGL contexts
    have to be shared from the start.
    """
    present = QCoreApplication.instance()
    if isinstance(present, QApplication):
        return present
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QCoreApplication.setApplicationName("stationdesk")
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    Collector(application)
    return application


def log_qt_messages() -> None:
    """Have what Qt says go to the log and not to the terminal, where it would bury the program's own words."""
    logging.getLogger("stationdesk.qt").addHandler(logging.NullHandler())
    qInstallMessageHandler(_log)


def _log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), message)


def bury(window: QWidget) -> None:
    """Delete a closed window at once: its web page has to be gone before the profile and the program are."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class _Missing(QTranslator):
    """What Qt's own Chinese catalogue lacks of the dialogs that are shown here (found in Qt 6.11)."""

    _WORDS: ClassVar[Mapping[tuple[str, str], str]] = {
        ("QFileDialog", "&Look in:"): "查找范围(&L)：",
        ("QFileDialog", "Files of &type:"): "文件类型(&T)：",
        ("QAbstractFileIconProvider", "Folder"): "文件夹",
        ("QAbstractFileIconProvider", "Drive"): "驱动器",
        ("QPrintSettingsOutput", "Page &Set:"): "页面范围(&S)：",
    }

    @override
    def isEmpty(self) -> bool:
        return False  # Qt does not take an empty one

    @override
    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        del disambiguation, n
        return self._WORDS.get((context, sourceText), sourceText)


def translate_qt(
    application: QApplication, language: Language, former: Sequence[QTranslator] = ()
) -> Sequence[QTranslator]:
    """Give Qt's own dialogs the language of the window; returns what is to be passed in next time."""
    for each in former:
        application.removeTranslator(each)
    locale = QLocale(language.value)
    QLocale.setDefault(locale)
    if language is Language.ENGLISH:
        return ()
    qts_own = QTranslator(application)
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not qts_own.load(locale, "qtbase", "_", place):
        log.warning("Qt's Chinese words are not in %s", place)
    # The last one is asked first.
    translators = (_Missing(application), qts_own)
    for each in translators:
        application.installTranslator(each)
    return translators
