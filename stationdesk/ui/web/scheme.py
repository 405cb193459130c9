"""Our own URL scheme, the only address that any of our pages may reach.

`stationdesk://map/...` carries the map page and its data, `stationdesk://sheet/...` a sheet to print. Each web
profile installs the handler of its own host; nothing else is ever served.
"""

from __future__ import annotations

NAME = b"stationdesk"
MAP = "map"
SHEET = "sheet"


def register_scheme() -> None:
    """Make the scheme known to the web engine; once is enough, more often does no harm.

    Call it before the process makes its first web profile: the engine freezes its list of schemes then. It may
    be later than the QApplication, so that nothing of the engine is loaded before the window shows; the
    application must have been made with `AA_ShareOpenGLContexts`.
    """
    from PySide6.QtWebEngineCore import QWebEngineUrlScheme

    if QWebEngineUrlScheme.schemeByName(NAME).name() == NAME:
        return
    scheme = QWebEngineUrlScheme(NAME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.FetchApiAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)
