"""The one map page: made with Folium, from constants only.

Folium renders every element twice through Jinja, so that text inside it runs as template code. Nothing of
the station therefore passes through here: what is on the map travels beside the page as JSON
(`stationdesk.maps.layers`) and is drawn by the scripts in `stationdesk/maps/page/`. The Folium elements below
only call functions of those scripts.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from typing import Any, ClassVar

import folium
from branca.element import Element
from folium.elements import JSCSSMixin
from folium.template import Template
from typing_extensions import override

ORIGIN = "stationdesk://map"
"""Where everything comes from; the web engine answers it from the program itself."""

PAGE_ADDRESS = f"{ORIGIN}/page.html"
DOCUMENT_ADDRESS = f"{ORIGIN}/document"
"""What is on the map; the page asks for it anew whenever it is told to."""

CHANNEL_SCRIPT_ADDRESS = f"{ORIGIN}/qwebchannel.js"

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def _own(name: str) -> str:
    return f"{ORIGIN}/page/{name}"


class _Map(folium.Map):
    """Folium's map without what it fetches by default: jQuery, Bootstrap and two icon fonts are not used here."""

    default_js = [("leaflet", f"{ORIGIN}/npm/leaflet/dist/leaflet.js")]  # noqa: RUF012 - as Folium declares it
    default_css = [("leaflet_css", f"{ORIGIN}/npm/leaflet/dist/leaflet.css")]  # noqa: RUF012


class _Part(JSCSSMixin):
    """A piece of the page whose work is done by one of our script files."""

    script = ""
    also: ClassVar[tuple[tuple[str, str], ...]] = ()
    _template = Template(
        "{% macro script(this, kwargs) %}stationdesk.{{ this.script }}({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Folium says no types here
        self._name = self.script
        # Folium numbers its elements at random; a fixed name keeps the page, and the hashes in its policy, constant.
        self._id = "station"

    @override
    def render(self, **kwargs: Any) -> Any:
        """Take the script file along."""
        self.default_js = [*self.also, (self.script, _own(f"{self.script}.js"))]
        return super().render(**kwargs)  # type: ignore[no-untyped-call]  # Folium says no types here


class _Station(_Part):
    """What the other pieces stand on: state, texts, events. Comes with the style sheet."""

    script = "station"
    default_css = [("station_css", _own("map.css"))]  # noqa: RUF012


class _Popup(_Part):
    """What one mark, area or drawing says about itself."""

    script = "popup"


class _Plain(_Part):
    """How tiles of shapes are painted."""

    script = "plain"
    also = (("protomaps", f"{ORIGIN}/npm/protomaps-leaflet/dist/protomaps-leaflet.js"),)


class _Bases(_Part):
    """What lies under everything: tiles from files."""

    script = "bases"


class _Ground(_Part):
    """Metre grid, areas, roads and rivers."""

    script = "ground"


class _Gather(_Part):
    """Which marks stand alone, and which are gathered into rings."""

    script = "gather"


class _Ink(_Part):
    """How marks, rings and names are painted."""

    script = "ink"


class _Marks(_Part):
    """The marks of resources and households."""

    script = "marks"


class _Panels(_Part):
    """Legend, count, scale bar, zoom buttons, banner."""

    script = "panels"


class _Names(_Part):
    """Where the names of roads, rivers and areas could stand."""

    script = "names"


class _Tools(_Part):
    """What all tools share, and placing a record."""

    script = "tools"


class _Measure(_Part):
    """How long and how large something drawn is."""

    script = "measure"


class _Snap(_Part):
    """What a point that is drawn joins."""

    script = "snap"


class _Draw(_Part):
    """Drawing roads, rivers, areas and places."""

    script = "draw"


class _Mend(_Part):
    """Mending what is drawn."""

    script = "mend"


class _Wire(_Part):
    """The line to the program."""

    script = "wire"
    also = (("channel", CHANNEL_SCRIPT_ADDRESS),)


_PARTS: tuple[type[_Part], ...] = (
    _Station,
    _Popup,
    _Plain,
    _Bases,
    _Ground,
    _Names,
    _Gather,
    _Ink,
    _Marks,
    _Panels,
    _Tools,
    _Measure,
    _Snap,
    _Draw,
    _Mend,
    _Wire,
)


@functools.cache
def map_page() -> str:
    """The HTML of the page; the same text in every station.

    It holds no address but ours, and a content security policy (CSP Level 3) that names the hash of each
    script and style that Folium writes into the page itself.
    """
    page = _Map(
        location=(35.0, 105.0),
        zoom_start=5,
        tiles=None,
        zoom_control=False,
        # Without these Leaflet knows no limit, since there is no tile layer to say it.
        maxZoom=20,
        minZoom=3,
        # Finer than whole levels, so that a town fills the window.
        zoomSnap=0.25,
    )
    page._id = "station"  # noqa: SLF001 - see _Part
    for part in _PARTS:
        page.add_child(part())
    figure: Any = page.get_root()
    figure.title = "map"
    figure.header.add_child(Element('<meta name="referrer" content="no-referrer" />'), name="referrer")
    html: str = figure.render()
    return html.replace(
        "<head>", f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy(html)}" />', 1
    )


def policy(html: str) -> str:
    """The content security policy for `html`: our address, and what stands inline in it by its hash."""
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, text in _INLINE.findall(html):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {ORIGIN} {' '.join(hashes['script'])}",
            f"style-src {ORIGIN} {' '.join(hashes['style'])}",
            f"connect-src {ORIGIN}",
            f"img-src {ORIGIN} data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
