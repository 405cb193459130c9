"""The Qt application: made once, with or without a screen."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from stationdesk.core.messages import Language


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
    return application


def translate_qt(application: QApplication, language: Language, former: QTranslator | None = None) -> QTranslator:
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
