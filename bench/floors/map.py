"""Pages that show so many places: Folium's own, as its documentation says, and the plainest canvas there can be."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

Place = tuple[float, float, str, str]
"""Latitude, longitude, number, title."""

GLIDE = "{animate: true, duration: 0.25, easeLinearity: 1}"
"""How a map of Leaflet is moved as by a drag."""
_LINKS = re.compile(r'<script src="[^"]*"></script>|<link rel="stylesheet" href="[^"]*"\s*/>')


def stock_cluster(places: Sequence[Place], modules: Path) -> str:
    """Folium with a `Marker`, tooltip and popup for each place in a `MarkerCluster`; scripts and styles from npm."""
    import folium
    from folium.plugins import MarkerCluster

    lats, lons = [place[0] for place in places], [place[1] for place in places]
    page = folium.Map(tiles=None, maxZoom=19)
    page.fit_bounds([(min(lats), min(lons)), (max(lats), max(lons))])
    cluster = MarkerCluster().add_to(page)  # type: ignore[no-untyped-call]  # Folium says no types here
    for lat, lon, number, title in places:
        folium.Marker((lat, lon), tooltip=number, popup=title).add_to(cluster)
    html = str(page.get_root().render())
    leaflet, plugin = modules / "leaflet/dist", modules / "leaflet.markercluster/dist"
    wanted = "".join(
        (
            *(f'<link rel="stylesheet" href="{style.as_uri()}">' for style in (
                leaflet / "leaflet.css", plugin / "MarkerCluster.css", plugin / "MarkerCluster.Default.css")),
            *(f'<script src="{script.as_uri()}"></script>' for script in (
                leaflet / "leaflet.js", plugin / "leaflet.markercluster.js")),
        )
    )  # fmt: skip
    first = True

    def own(_found: re.Match[str]) -> str:
        nonlocal first
        words, first = (wanted if first else ""), False
        return words

    # Of what Folium adds by default Bootstrap and the icon fonts are not needed here, and of jQuery one line.
    wanted += (
        "<script>window.$ = (html) => { const one = document.createElement('div'); one.innerHTML = html; "
    )
    wanted += "return [one.firstChild]; };</script>"
    html = _LINKS.sub(own, html)
    name = page.get_name()
    script = f"{_PAINTED}window.pan = (x, y) => {name}.panBy([x, y], {GLIDE}); painted();"
    return html.replace("</html>", f"<script>{script}</script></html>")


def raw_canvas(places: Sequence[Place]) -> str:
    """One canvas, a disc for each place; panned and edited by painting all of them again."""
    columns = {
        "lat": [place[0] for place in places],
        "lon": [place[1] for place in places],
        "number": [place[2] for place in places],
        "title": [place[3] for place in places],
    }
    data = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return _CANVAS.replace("PAINTED", _PAINTED).replace("DATA", data)


_PAINTED = """
function painted() {
  requestAnimationFrame(() => requestAnimationFrame(() => { document.title = "painted " + performance.now(); }));
}
"""

_CANVAS = """<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>
<style>html, body { margin: 0 } canvas { width: 100vw; height: 100vh; display: block }</style></head><body>
<canvas></canvas><script>PAINTED
const data = DATA;
const canvas = document.querySelector("canvas");
canvas.width = innerWidth * devicePixelRatio;
canvas.height = innerHeight * devicePixelRatio;
const pen = canvas.getContext("2d");
const least = (all) => all.reduce((one, other) => Math.min(one, other));
const most = (all) => all.reduce((one, other) => Math.max(one, other));
const west = least(data.lon), north = most(data.lat);
const scale = Math.min(canvas.width / (most(data.lon) - west), canvas.height / (north - least(data.lat)));
let left = 0, top_ = 0;
function paint() {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.lat.length; at += 1) {
    pen.beginPath();
    pen.arc((data.lon[at] - west) * scale - left, (north - data.lat[at]) * scale - top_, 5, 0, 7);
    pen.fillStyle = "#94150f";
    pen.fill();
    pen.stroke();
  }
}
window.pan = (x, y) => {
  let step = 0;
  const glide = () => {
    left += x / 15;
    top_ += y / 15;
    paint();
    step += 1;
    if (step < 15) { requestAnimationFrame(glide); }
  };
  glide();
};
window.patch = (at, lat, lon) => { data.lat[at] = lat; data.lon[at] = lon; paint(); painted(); };
paint();
painted();
</script></body></html>
"""
