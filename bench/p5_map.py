"""P5: the screen map of a town with 10,000 places, against Folium's own markers and the plainest canvas.

    python bench/p5_map.py [--rows 10000] [--times 3]

The same invented places are shown by the program's map, by Folium's `MarkerCluster`, and on one canvas without any
library; each in a process of its own, by turns, medians compared. Making is what Python does until the page can be
sent. Painting lasts from the beginning of the load until two frames after the marks are drawn, in a browser that
runs already; of the program also for places that come to a page which is open, as it stays all day. A pan is the mean
frame of six drags of a quarter of a second each, with whatever is painted after them. One edit is a place that moves:
of the program a patch, of the canvas a changed number and all of it painted again, of Folium the page made and loaded
anew, as that is its only way.

Bars: at most 70 bytes a place; making at most 1/50 of Folium's; painting at most 1.7 times the canvas and 0.4 times
Folium; a frame of a pan at most 1.3 times Folium's; an edit at most 3 times the canvas and 1/100 of Folium's.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.floors.map import GLIDE, Place, raw_canvas, stock_cluster
from stationdesk.core.fields import Key
from stationdesk.core.vocab import MapClass
from stationdesk.maps.layers import Layer, MapDocument, MapPatch, MapPlace, Mark, document_json
from stationdesk.maps.symbols import SYMBOLS

_ROOT = Path(__file__).resolve().parent.parent
_WAYS = ("ours", "stock", "canvas")
_SIZE = (1366, 690)
_DRAGS = 6
_WAIT = 120.0
_KINDS = ("卫生室", "小卖部", "理发店", "学校", "养老点", "药店", "村委会", "书屋")


def places_of(count: int) -> list[Place]:
    """So many places, two thirds of them about forty villages, the others anywhere in the town."""
    chance = random.Random(5)  # noqa: S311 - places, not secrets
    villages = [(34.5 + chance.uniform(-0.06, 0.06), 114.3 + chance.uniform(-0.08, 0.08)) for _ in range(40)]
    found = []
    for number in range(count):
        if number % 3:
            lat, lon = chance.choice(villages)
            lat, lon = lat + chance.gauss(0, 0.003), lon + chance.gauss(0, 0.004)
        else:
            lat, lon = 34.5 + chance.uniform(-0.07, 0.07), 114.3 + chance.uniform(-0.09, 0.09)
        title = f"{chance.choice('东西南北上下')}{chance.choice('岗沟河坪桥湾')}村{chance.choice(_KINDS)}"
        found.append((lat, lon, f"医-{number:04d}", title))
    return found


def document_of(places: list[Place]) -> MapDocument:
    """The same as the program's map has them."""
    kinds = [each for each in MapClass if each.on_map]
    return MapDocument(
        (Layer("resource", "资源"),),
        tuple(Mark(each.code, "resource", SYMBOLS[each]) for each in kinds),
        places=tuple(
            MapPlace("resource", Key(f"{at:032d}"), lat, lon, kinds[at % len(kinds)].code, number, title)
            for at, (lat, lon, number, title) in enumerate(places)
        ),
    )


class _Browser:
    """A browser that runs already, and pages in it one after the other."""

    def __init__(self) -> None:
        from PySide6.QtCore import QCoreApplication, Qt

        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
        from PySide6.QtWebEngineWidgets import QWebEngineView
        from PySide6.QtWidgets import QApplication

        from stationdesk.ui.web.scheme import register_scheme

        register_scheme()  # before the first page of all
        self.app = QApplication(sys.argv[:1])
        self._first = QWebEngineView()
        self._first.resize(*_SIZE)
        self._first.show()
        self._first.setHtml("<script>document.title = 'painted'</script>")
        self.until(lambda: self._first.title() == "painted")

    def until(self, condition: Any) -> float:
        """The seconds until it holds."""
        start = time.perf_counter()
        while not condition():
            self.app.processEvents()
            if time.perf_counter() - start > _WAIT:
                raise SystemExit("the page never came")
        return time.perf_counter() - start

    def asked(self, view: Any, script: str) -> Any:
        """The value of a script."""
        answers: list[Any] = []
        view.page().runJavaScript(script, answers.append)
        self.until(lambda: bool(answers))
        return answers[0]

    def frame(self, view: Any) -> float:
        """Milliseconds of a frame while the map is moved; the script tells by the title when it is done."""
        self.asked(view, _PANNING % _DRAGS)
        self.until(lambda: view.title().startswith("panned"))
        return float(view.title().split()[1])

    def loaded(self, file: Path) -> tuple[Any, float]:
        """A view with the page, and the seconds until it was painted."""
        from PySide6.QtCore import QUrl
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
        from PySide6.QtWebEngineWidgets import QWebEngineView

        start = time.perf_counter()
        view = QWebEngineView()
        # A profile of its own, as the program's map has for its guard: it costs a new process of the browser.
        view.setPage(QWebEnginePage(QWebEngineProfile(view), view))
        view.resize(*_SIZE)
        view.show()
        view.load(QUrl.fromLocalFile(str(file)))
        self.until(lambda: view.title().startswith("painted"))
        return view, time.perf_counter() - start


_PANNING = """
(() => {
  let drag = 0, step = 0, before = 0, sum = 0, frames = 0;
  const move = (now) => {
    if (before) { sum += now - before; frames += 1; }
    before = now;
    if (step === 0) {
      if (drag === %d) { document.title = "panned " + sum / frames; return; }
      window.pan(drag %% 2 ? -300 : 300, drag %% 4 < 2 ? 160 : -160);
      drag += 1;
    }
    step = (step + 1) %% 20;
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
  return true;
})()
"""


def _ours(count: int, _folder: Path) -> dict[str, float]:
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from stationdesk.ui.web.map_view import MapView

    document = document_of(places_of(count))
    start = time.perf_counter()
    sent = document_json(document, {})
    making = time.perf_counter() - start
    browser = _Browser()
    ready: list[tuple[int, int]] = []
    start = time.perf_counter()
    map_view = MapView()
    map_view.ready.connect(lambda drawn, total: ready.append((drawn, total)))
    map_view.resize(*_SIZE)
    map_view.show()
    map_view.show_document(document)
    browser.until(lambda: bool(ready))
    painting = time.perf_counter() - start
    if ready[-1] != (count, count):
        raise SystemExit(f"{ready[-1][0]} of {count} places were drawn")
    ready.clear()
    start = time.perf_counter()
    map_view.show_document(document)
    browser.until(lambda: bool(ready))
    again = time.perf_counter() - start
    view = map_view.findChild(QWebEngineView, "map_page")
    browser.asked(view, f"window.pan = (x, y) => stationdesk.map.panBy([x, y], {GLIDE}); true")
    frame = browser.frame(view)
    ready.clear()
    moved = document.places[7]
    start = time.perf_counter()
    put = MapPlace(moved.record, moved.key, moved.lat + 0.001, moved.lon, moved.mark, moved.number, "搬了")
    map_view.patch(MapPatch((put,)))
    browser.until(lambda: bool(ready))
    edit = time.perf_counter() - start
    return {
        "bytes": len(sent) / count,
        "making": making,
        "painting": painting,
        "again": again,
        "frame": frame,
        "edit": edit,
    }


def _stock(count: int, folder: Path) -> dict[str, float]:
    places = places_of(count)
    start = time.perf_counter()
    html = stock_cluster(places, _ROOT / "build/npm/node_modules")
    making = time.perf_counter() - start
    file = folder / "stock.html"
    file.write_text(html, encoding="utf-8")
    browser = _Browser()
    view, painting = browser.loaded(file)
    frame = browser.frame(view)
    return {
        "bytes": len(html.encode()) / count,
        "making": making,
        "painting": painting,
        "frame": frame,
        "edit": making + painting,
    }


def _canvas(count: int, folder: Path) -> dict[str, float]:
    places = places_of(count)
    start = time.perf_counter()
    html = raw_canvas(places)
    making = time.perf_counter() - start
    file = folder / "canvas.html"
    file.write_text(html, encoding="utf-8")
    browser = _Browser()
    view, painting = browser.loaded(file)
    frame = browser.frame(view)
    start = time.perf_counter()
    view.page().runJavaScript(f"window.patch(7, {places[7][0] + 0.001}, {places[7][1]})")
    browser.until(lambda: view.title().startswith("painted"))
    edit = time.perf_counter() - start
    return {
        "bytes": len(html.encode()) / count,
        "making": making,
        "painting": painting,
        "frame": frame,
        "edit": edit,
    }


_RUNS = {"ours": _ours, "stock": _stock, "canvas": _canvas}


def main() -> None:
    """Show the places every way by turns, and print medians and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--run", choices=_WAYS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(_RUNS[given.run](given.rows, Path(folder))), flush=True)
        return
    _compare(given.rows, given.times)


def _compare(count: int, times: int) -> None:
    from hatch_build import fetch_packages

    fetch_packages(_ROOT, dev=True)
    print(f"P5: {count:,} places on the screen map, median of {times}")
    found: dict[str, list[dict[str, float]]] = {}
    for turn in range(times):
        for way in _WAYS if turn % 2 == 0 else reversed(_WAYS):
            found.setdefault(way, []).append(_in_a_process(way, count))
    middle = {
        way: {name: statistics.median(each[name] for each in runs) for name in runs[0]}
        for way, runs in found.items()
    }
    for way in _WAYS:
        told = middle[way]
        print(
            f"  {way:7} {told['bytes']:7.1f} bytes a place, making {told['making']:7.3f} s, "
            f"painted after {told['painting']:6.3f} s, frame of a pan {told['frame']:5.1f} ms, "
            f"edit {told['edit'] * 1000:8.1f} ms"
        )
    ours, stock, canvas = (middle[way] for way in _WAYS)
    for name, ratio, bar in (
        ("bytes a place", ours["bytes"], 70.0),
        ("making over Folium's", ours["making"] / stock["making"], 1 / 50),
        ("painting over the canvas", ours["painting"] / canvas["painting"], 1.7),
        ("painting in the open page over the canvas", ours["again"] / canvas["painting"], None),
        ("painting over Folium's", ours["painting"] / stock["painting"], 0.4),
        ("a frame of a pan over Folium's", ours["frame"] / stock["frame"], 1.3),
        ("one edit over the canvas", ours["edit"] / canvas["edit"], 3.0),
        ("one edit over Folium's", ours["edit"] / stock["edit"], 1 / 100),
    ):
        verdict = "" if bar is None else f" (bar {bar:.4g}: {'met' if ratio <= bar else 'missed'})"
        print(f"  {name}: {ratio:.4g}{verdict}")


def _in_a_process(way: str, count: int) -> dict[str, float]:
    words = [sys.executable, __file__, "--run", way, "--rows", str(count)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
