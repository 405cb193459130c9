// What lies under the marks: a grid in metres, the outlines of villages and groups, own roads, rivers and places.
// All of it is drawn as SVG by Leaflet: some hundred shapes, each with its own click.
stationdesk.ground = function ground(map) {
  // Outlines of all roads first, then their surfaces, so that crossings open into one another.
  const panes = { areas: 310, water: 320, casing: 330, road: 340, spots: 350, names: 360 };
  for (const [name, order] of Object.entries(panes)) {
    map.createPane(name).style.zIndex = order;
  }
  map.getPane("names").style.pointerEvents = "none";
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

  const name = (thing, at, className, turn = 0) => {
    const label = this.element("span", `name ${className}`, thing.title);
    label.style.setProperty("--turn", `${turn}deg`);
    return L.marker(at, {
      pane: "names",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "name-at", html: label, iconSize: [0, 0] }),
    });
  };

  // The middle of the longest straight piece, and how it leans.
  const middle = (geometry) => {
    const lines = geometry.type === "MultiLineString" ? geometry.coordinates : [geometry.coordinates];
    let best = { length: -1, at: null, turn: 0 };
    for (const points of lines) {
      for (let index = 1; index < points.length; index += 1) {
        const [first, second] = [
          map.project(flip(points[index - 1]), 15),
          map.project(flip(points[index]), 15),
        ];
        const length = first.distanceTo(second);
        if (length > best.length) {
          let turn = (Math.atan2(second.y - first.y, second.x - first.x) * 180) / Math.PI;
          turn = turn > 90 ? turn - 180 : turn < -90 ? turn + 180 : turn;
          best = { length, at: map.unproject(first.add(second).divideBy(2), 15), turn };
        }
      }
    }
    return best;
  };

  const flip = ([lon, lat]) => L.latLng(lat, lon);

  const build = (thing) => {
    const group = L.featureGroup();
    if (thing.kind === "area") {
      // What lies inside other areas is drawn as an outline only, or the colours would hide one another.
      const inner = this.layers[thing.layer].outline;
      group.addLayer(surface(thing, "areas", `area ${inner ? "inner" : `tint-${tintFor(thing)}`}`));
      const extent = group.getBounds();
      if (thing.title && extent.isValid()) {
        group.addLayer(name(thing, extent.getCenter(), `area-name ${inner ? "inner" : ""}`));
      }
      return group;
    }
    const kind = thing.stroke;
    if (thing.geometry.type === "Point") {
      const spot = L.circleMarker(flip(thing.geometry.coordinates), {
        renderer: renderers.spots,
        radius: 4,
        className: `spot ${kind}`,
      });
      group.addLayer(spot);
      group.addLayer(name(thing, flip(thing.geometry.coordinates), `spot-name ${kind}`));
    } else if (thing.geometry.type.endsWith("Polygon")) {
      group.addLayer(surface(thing, "water", `surface ${kind}`));
      if (thing.title) {
        group.addLayer(name(thing, group.getBounds().getCenter(), `surface-name ${kind}`));
      }
    } else {
      const width = roads[kind] ?? 10;
      if (kind in roads) {
        group.addLayer(line(thing, "casing", `casing ${kind}`, width + 2.5));
      }
      group.addLayer(line(thing, kind in roads ? "road" : "water", `line ${kind}`, width));
      const { at, turn } = middle(thing.geometry);
      if (thing.title && at) {
        group.addLayer(name(thing, at, `line-name ${kind}`, turn));
      }
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
    const sheet = map.getContainer().classList;
    sheet.toggle("far", zoom < 13);
    sheet.toggle("middle", zoom >= 13 && zoom < 14.5);
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

  // The drawing being mended is taken off while its handles are shown.
  this.showDrawing = (slot, on) => {
    const group = drawn.get(slot);
    on ? group?.addTo(map) : group?.remove();
    widths();
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
