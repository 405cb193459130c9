"""The page that is printed: loaded from our scheme, drawn, written as PDF, and gone.

Loaded with the first print only, because it brings in the web engine.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QTimer, QUrl
from PySide6.QtGui import QPageLayout
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlSchemeHandler,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup
from stationdesk.ui.page_sizes import page_size
from stationdesk.ui.web.printing import Order
from stationdesk.ui.web.scheme import NAME, SHEET, register_scheme

_ADDRESS = f"{NAME.decode()}://{SHEET}/page.html"
_OFF = (
    QWebEngineSettings.WebAttribute.JavascriptEnabled,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
)


def start(order: Order, patience: float) -> None:
    """Print one order; it is told when it ends. `patience` in seconds. On the window thread only."""
    register_scheme()
    _Printing(order, patience)


def page_layout(setup: PageSetup) -> QPageLayout:
    """The sheet, with the margins of a page that flows; others have theirs in their own CSS."""
    is_lying = setup.landscape and setup.large is None  # a large sheet is told as it lies
    way = QPageLayout.Orientation.Landscape if is_lying else QPageLayout.Orientation.Portrait
    top, right, bottom, left = setup.margins
    size, margins = page_size(setup.paper, setup.large), QMarginsF(left, top, right, bottom)
    return QPageLayout(size, way, margins, QPageLayout.Unit.Millimeter)


class _Sheet(QWebEngineUrlSchemeHandler):
    """Serves the one page."""

    def __init__(self, html: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bytes = html.encode("utf-8")

    @override
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        if job.requestUrl().toString() != _ADDRESS:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        body = QBuffer(job)
        body.setData(QByteArray(self._bytes))
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(b"text/html;charset=utf-8"), body)


class _Gate(QWebEngineUrlRequestInterceptor):
    """Refuses every address but the page's own."""

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().toString() != _ADDRESS:
            info.block(True)


class _Printing(QObject):
    """One print under way. Lives until it has ended; the page goes before its profile, as Qt asks."""

    _under_way: set[_Printing] = set()  # noqa: RUF012 - keeps them alive while only the engine knows them

    def __init__(self, order: Order, patience: float) -> None:
        super().__init__()
        self._order = order
        self._profile = QWebEngineProfile(self)  # no storage name: off the record
        self._gate = _Gate(self._profile)
        self._profile.setUrlRequestInterceptor(self._gate)
        self._sheet = _Sheet(order.html, self._profile)
        self._profile.installUrlSchemeHandler(QByteArray(NAME), self._sheet)
        self._page = QWebEnginePage(self._profile, self)
        for attribute in _OFF:
            self._page.settings().setAttribute(attribute, False)
        self._page.settings().setAttribute(QWebEngineSettings.WebAttribute.PrintElementBackgrounds, True)
        self._page.loadFinished.connect(self._on_loaded)
        self._page.pdfPrintingFinished.connect(self._on_printed)
        self._page.renderProcessTerminated.connect(self._on_crashed)
        self._clock = QTimer(self, singleShot=True, interval=int(patience * 1000))
        self._clock.timeout.connect(self._on_timeout)
        self._clock.start()
        _Printing._under_way.add(self)
        self._page.load(QUrl(_ADDRESS))

    def _on_loaded(self, well: bool) -> None:
        if not well:
            self._end(UserError("打印页面没有载入。请再试一次；仍不行请重新启动程序。"))
            return
        self._page.printToPdf(str(self._order.target), page_layout(self._order.setup))

    def _on_printed(self, path: str, well: bool) -> None:
        trouble = None
        if not well:
            trouble = UserError(
                "打印没有生成文件：{path}。请检查磁盘空间和文件夹权限，然后再试一次。", path=path
            )
        self._end(trouble)

    def _on_crashed(self) -> None:
        self._end(UserError("打印组件意外停止，没有生成文件。请再试一次；仍不行请重新启动程序。"))

    def _on_timeout(self) -> None:
        self._end(UserError("打印用时太长，已停止，没有生成文件。请减少条目后再试。"))

    def _end(self, trouble: Exception | None) -> None:
        if self not in _Printing._under_way:
            return
        _Printing._under_way.remove(self)
        self._clock.stop()
        # Not now: this is called from a signal of the page.
        QTimer.singleShot(0, lambda: self._release(trouble))

    def _release(self, trouble: Exception | None) -> None:
        from shiboken6 import delete

        delete(self._page)
        delete(self._profile)
        self._order.finish(trouble)
