"""The web profile of the map: off the record, with every address but ours refused and counted."""

from __future__ import annotations

import logging

from PySide6.QtCore import QByteArray, QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from typing_extensions import override

from stationdesk.maps.page import PAGE_ADDRESS
from stationdesk.ui.icons import open_resources
from stationdesk.ui.web.map_scheme import MapScheme
from stationdesk.ui.web.scheme import MAP, NAME, register_scheme

_LOG = logging.getLogger(__name__)

_Setting = QWebEngineSettings.WebAttribute
_OFF = (
    _Setting.PluginsEnabled,
    _Setting.LocalStorageEnabled,
    _Setting.LocalContentCanAccessRemoteUrls,
    _Setting.LocalContentCanAccessFileUrls,
    _Setting.JavascriptCanOpenWindows,
    _Setting.JavascriptCanAccessClipboard,
    _Setting.HyperlinkAuditingEnabled,
    _Setting.DnsPrefetchEnabled,
    _Setting.AutoLoadIconsForPage,
    _Setting.ErrorPageEnabled,
    _Setting.PdfViewerEnabled,
    _Setting.FullScreenSupportEnabled,
    _Setting.ScreenCaptureEnabled,
    _Setting.ScrollAnimatorEnabled,
)


class Gate(QWebEngineUrlRequestInterceptor):
    """Lets nothing out of the page but requests for our own addresses, and counts what it refused.

    Downloads, navigation and what the page's own policy stopped are reported to it as well, so that `refused`
    is the whole number.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refused = 0
        self.last = ""

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not is_ours(info.requestUrl()):
            info.block(True)
            self.refuse(info.requestUrl().toString())

    def refuse(self, address: str) -> None:
        """Count one refusal. The log gets the beginning of the address only: the rest may hold station text."""
        self.refused += 1
        self.last = address
        _LOG.warning("refused a request of the map page: %.60s", address)


def is_ours(address: QUrl) -> bool:
    """Whether an address is served by the program itself."""
    return address.scheme().encode() == NAME and address.host() == MAP


def make_profile(parent: QObject, scheme: MapScheme) -> tuple[QWebEngineProfile, Gate]:
    """A profile that keeps nothing on disk, answers our scheme from `scheme`, and refuses everything else."""
    register_scheme()
    open_resources()
    profile = QWebEngineProfile(parent)  # without a storage name: off the record
    gate = Gate(profile)
    profile.setUrlRequestInterceptor(gate)
    scheme.setParent(profile)
    profile.installUrlSchemeHandler(QByteArray(NAME), scheme)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.setSpellCheckEnabled(False)
    for attribute in _OFF:
        profile.settings().setAttribute(attribute, False)

    def refuse_download(request: QWebEngineDownloadRequest) -> None:
        request.cancel()
        gate.refuse(request.url().toString())

    profile.downloadRequested.connect(refuse_download)
    return profile, gate


class MapPage(QWebEnginePage):
    """The page of the map. It stays where it is: no navigation, no second window, no dialog.

    `complained` tells an error of a script, which is a bug of ours and goes to the log as well.
    """

    complained = Signal(str)

    def __init__(self, profile: QWebEngineProfile, gate: Gate, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._gate = gate
        self.newWindowRequested.connect(lambda request: gate.refuse(request.requestedUrl().toString()))
        self.permissionRequested.connect(lambda permission: permission.deny())

    @override
    def acceptNavigationRequest(
        self, url: QUrl | str, type: QWebEnginePage.NavigationType, isMainFrame: bool
    ) -> bool:
        address = QUrl(url)
        if isMainFrame and address.toString() == PAGE_ADDRESS:
            return True
        self._gate.refuse(address.toString())
        return False

    @override
    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,
        sourceID: str,
    ) -> None:
        if level is QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel:
            return
        _LOG.warning("map page: %.300s (%s:%d)", message, sourceID, lineNumber)
        self.complained.emit(message)

    @override
    def javaScriptAlert(self, securityOrigin: QUrl | str, msg: str) -> None:
        del securityOrigin
        _LOG.warning("the map page asked for a dialog: %.60s", msg)

    @override
    def javaScriptConfirm(self, securityOrigin: QUrl | str, msg: str) -> bool:
        self.javaScriptAlert(securityOrigin, msg)
        return False
