"""Answers the map page's requests: the page, its scripts out of the compiled resources, and what is on the map."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject, QUrlQuery
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlSchemeHandler
from typing_extensions import override

from stationdesk.core.vocab import Datum
from stationdesk.maps.page import CHANNEL_SCRIPT_ADDRESS, DOCUMENT_ADDRESS, ORIGIN, PAGE_ADDRESS, map_page
from stationdesk.ui.web.tile_shelf import Place, TileShelf

_TYPES = {
    ".js": b"text/javascript;charset=utf-8",
    ".css": b"text/css;charset=utf-8",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
}
_FOLDERS = ("/npm/", "/page/")
_CHANNEL_SCRIPT = ":/qtwebchannel/qwebchannel.js"
_TILE = re.compile(rf"{re.escape(ORIGIN)}/tiles/(\d{{1,6}})/(\d{{1,2}})/(\d{{1,8}})/(\d{{1,8}})")

Document = Callable[[int], bytes | None]
"""Gives the document of a revision, or None when that revision is not the present one."""


class MapScheme(QWebEngineUrlSchemeHandler):
    """Serves `stationdesk://map/...` and nothing else.

    `document` is asked on the window's thread; tiles come from the shelf, on a thread of their own.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.shelf = TileShelf(self)

    @override
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        tile = _tile(job)
        if tile is not None and self.shelf.serve(job, tile):
            return
        found = self._answer(job)
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        kind, content = found
        # A child of the job: it must live until the engine has read it, and no longer.
        body = QBuffer(job)
        body.setData(content)
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(kind), body)

    def _answer(self, job: QWebEngineUrlRequestJob) -> tuple[bytes, QByteArray] | None:
        if job.requestMethod() != b"GET":
            return None
        url = job.requestUrl()
        address = f"{url.scheme()}://{url.host()}{url.path()}"
        if address == PAGE_ADDRESS:
            return b"text/html;charset=utf-8", QByteArray(map_page().encode())
        if address == DOCUMENT_ADDRESS:
            revision = QUrlQuery(url).queryItemValue("revision")
            document = self._document(int(revision)) if revision.isdecimal() else None
            return None if document is None else (b"application/json;charset=utf-8", QByteArray(document))
        if address == CHANNEL_SCRIPT_ADDRESS:
            return _file(_CHANNEL_SCRIPT)
        path = address.removeprefix(ORIGIN)
        return _file(f":{path}") if path.startswith(_FOLDERS) and ".." not in path else None


def _tile(job: QWebEngineUrlRequestJob) -> Place | None:
    """The tile that a request asks for."""
    if job.requestMethod() != b"GET":
        return None
    url = job.requestUrl()
    found = _TILE.fullmatch(f"{url.scheme()}://{url.host()}{url.path()}")
    if found is None:
        return None
    number, zoom, column, row = map(int, found.groups())
    datum = QUrlQuery(url).queryItemValue("datum")
    known = next((each for each in Datum if each.code == datum), Datum.WGS84)
    return Place(number, zoom, column, row, known)


def _file(path: str) -> tuple[bytes, QByteArray] | None:
    kind = _TYPES.get(PurePosixPath(path).suffix)
    file = QFile(path)
    if kind is None or not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return None
    try:
        return kind, file.readAll()
    finally:
        file.close()
