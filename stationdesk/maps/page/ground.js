// What lies under the marks: a grid in metres, the outlines of villages and groups, own roads, rivers and places.
// All of it is drawn as SVG by Leaflet: some hundred shapes, each with its own click.
stationdesk.ground = function ground(map) {
  // Outlines of all roads first, then their surfaces, so that crossings open into one another; a lane ends under the
  // road that it joins.
  const panes = { areas: 310, water: 320, casing: 330, lane: 335, road: 340, spots: 350 };
  for (const [name, order] of Object.entries(panes)) {
    map.createPane(name).style.zIndex = order;
  }
  const renderers = Object.fromEntries(
    Object.keys(panes).map((name) => [name, L.svg({ pane: name, padding: 0.5 })]),
  );
  // Widths on the screen for a map at zoom 15; they grow and shrink a little with it.
  const roads = { main_road: 9, lane: 5 };
  const drawn = new Map();

  const layerOf = (thing) => this.layers[thing.kind === "area" ? thing.layer : this.featureLayer];

  const line = (thing, pane, className, width) => {
    const made = L.geoJSON(thing.geometry, {
      pane,
      style: {
        renderer: renderers[pane],
        className,
        weight: width,
        fill: false,
        lineCap: "round",
        lineJoin: "round",
      },
    });
    made.baseWidth = width;
    return made;
  };

  const surface = (thing, pane, className) =>
    L.geoJSON(thing.geometry, { style: { renderer: renderers[pane], className, weight: 1.5 } });

  const flip = ([lon, lat]) => L.latLng(lat, lon);

  const build = (thing) => {
    const group = L.featureGroup();
    if (thing.kind === "area") {
      // What lies inside other areas is drawn as an outline only, or the colours would hide one another.
      const { outline, walked } = this.layers[thing.layer];
      const look = walked ? "walked" : outline ? "inner" : `tint-${tintFor(thing)}`;
      group.addLayer(surface(thing, "areas", `area ${look}`));
      return group;
    }
    const kind = thing.stroke;
    if (thing.geometry.type === "Point") {
      const spot = L.circleMarker(flip(thing.geometry.coordinates), {
        renderer: renderers.spots,
        radius: 4.5,
        className: `spot ${kind}`,
      });
      group.addLayer(spot);
      spot.isSpot = true;
    } else if (thing.geometry.type.endsWith("Polygon")) {
      group.addLayer(surface(thing, "water", `surface ${kind}`));
    } else {
      const width = roads[kind] ?? 10;
      if (kind in roads) {
        group.addLayer(line(thing, "casing", `casing ${kind}`, width + 2.5));
      }
      const pane = { main_road: "road", lane: "lane" }[kind] ?? "water";
      group.addLayer(line(thing, pane, `line ${kind}`, width));
    }
    return group;
  };

  let tints = 0;
  const tintOf = new Map();
  const tintFor = (area) => {
    if (!tintOf.has(area.slot)) {
      tintOf.set(area.slot, tints % 6);
      tints += 1;
    }
    return tintOf.get(area.slot);
  };

  const put = (thing) => {
    drawn.get(thing.slot)?.remove();
    const group = build(thing);
    group.on("click", (event) => {
      // Marks lie above; a click on one of them is theirs.
      if (this.mode || this.markAt(event.containerPoint)) {
        return;
      }
      L.DomEvent.stopPropagation(event);
      this.openPopup(thing.slot, event.latlng);
      this.say("picked", { slot: thing.slot });
    });
    drawn.set(thing.slot, group);
    if (layerOf(thing)?.on) {
      group.addTo(map);
    }
  };

  const drop = (slot) => {
    drawn.get(slot)?.remove();
    drawn.delete(slot);
  };

  // Drawn places whose names found no room are left out from afar; see layNames.
  let named = { slots: new Set(), all: true };
  const thin = () => {
    for (const [slot, group] of drawn) {
      group.eachLayer((layer) => {
        if (layer.isSpot) {
          layer.getElement()?.classList.toggle("left-out", !named.all && !named.slots.has(slot));
        }
      });
    }
  };
  this.on("named", (found) => {
    named = found;
    thin();
  });

  const widths = () => {
    const zoom = map.getZoom();
    const factor = Math.min(2, Math.max(0.4, 1.35 ** (zoom - 15)));
    for (const group of drawn.values()) {
      group.eachLayer((layer) => {
        if (layer.baseWidth) {
          layer.setStyle({ weight: Math.max(1, layer.baseWidth * factor) });
        }
      });
    }
    thin();
  };

  this.on("loaded", () => {
    for (const slot of [...drawn.keys()]) {
      drop(slot);
    }
    tints = 0;
    tintOf.clear();
    for (const thing of [...this.areas.values(), ...this.features.values()]) {
      put(thing);
    }
    widths();
  });
  this.on("patched", (sent) => {
    sent.gone.forEach(drop);
    for (const thing of [...sent.areas, ...sent.features]) {
      put(this.thing(thing.slot));
    }
    widths();
  });
  this.on("layers", () => {
    for (const [slot, group] of drawn) {
      const on = layerOf(this.thing(slot))?.on;
      if (on !== map.hasLayer(group)) {
        on ? group.addTo(map) : group.remove();
      }
    }
    widths();
  });
  map.on("zoomend", widths);

  // What lies on the map now: names are set for these, and an outline that is being mended has none meanwhile.
  this.shownGround = () =>
    [...drawn.keys()]
      .map((slot) => this.thing(slot))
      .filter((thing) => layerOf(thing)?.on && thing.slot !== mended);

  let mended = null;
  // The drawing being mended is taken off while its handles are shown.
  this.showDrawing = (slot, on) => {
    const group = drawn.get(slot);
    on ? group?.addTo(map) : group?.remove();
    mended = on ? null : slot;
    widths();
    this.emit("renamed");
  };

  // Lines at round metres, one canvas for the whole view.
  const sheet = this.element("canvas", "grid");
  map.getContainer().prepend(sheet);
  const paint = () => this.paintGrid(sheet);
  map.on("move zoom resize viewreset", paint);
  this.on("theme", paint);
  paint();
};

// One metre on the screen, in pixels, where the data lies. The scale of Web Mercator changes with the latitude; one
// fixed place to measure at keeps the grid from sliding while the map is moved.
stationdesk.pixelsPerMetre = function pixelsPerMetre() {
  const around = 40075016.686 * Math.cos((this.anchor.lat * Math.PI) / 180);
  return (256 * 2 ** this.map.getZoom()) / around;
};

stationdesk.paintGrid = function paintGrid(sheet) {
  const size = this.map.getSize();
  const sharp = window.devicePixelRatio || 1;
  sheet.width = size.x * sharp;
  sheet.height = size.y * sharp;
  const pen = sheet.getContext("2d");
  pen.scale(sharp, sharp);
  // The round number of metres whose squares are 90 to 225 pixels wide.
  const wanted = 90 / this.pixelsPerMetre();
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step =
    [1, 2, 5, 10].map((times) => times * power).find((metres) => metres >= wanted) * this.pixelsPerMetre();
  const origin = this.map.latLngToContainerPoint(this.anchor);
  pen.strokeStyle = this.colour("grid");
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = ((origin.x % step) + step) % step; x < size.x; x += step) {
    pen.moveTo(Math.round(x) + 0.5, 0);
    pen.lineTo(Math.round(x) + 0.5, size.y);
  }
  for (let y = ((origin.y % step) + step) % step; y < size.y; y += step) {
    pen.moveTo(0, Math.round(y) + 0.5);
    pen.lineTo(size.x, Math.round(y) + 0.5);
  }
  pen.stroke();
};
