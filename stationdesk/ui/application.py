"""The Qt application: made once, with or without a screen."""

from __future__ import annotations

import logging
import sys

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


def translate_qt(
    application: QApplication, language: Language, former: QTranslator | None = None
) -> QTranslator:
    """Give Qt's own dialogs the language of the window; returns what is to be passed in next time."""
    if former is not None:
        application.removeTranslator(former)
    locale = QLocale(language.value)
    QLocale.setDefault(locale)
    translator = QTranslator(application)
    if language is not Language.ENGLISH:
        translator.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        application.installTranslator(translator)
    return translator
