// What lies under the marks: a grid in metres, the outlines of villages and groups, own roads, rivers and places.
// All of it is drawn as SVG by Leaflet: some hundred shapes, each with its own click.
stationdesk.ground = function ground(map) {
  // Outlines of all roads first, then their surfaces, so that crossings open into one another.
  const panes = { areas: 310, water: 320, casing: 330, road: 340, spots: 350 };
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
      const inner = this.layers[thing.layer].outline;
      group.addLayer(surface(thing, "areas", `area ${inner ? "inner" : `tint-${tintFor(thing)}`}`));
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
      spot.isSpot = true;
    } else if (thing.geometry.type.endsWith("Polygon")) {
      group.addLayer(surface(thing, "water", `surface ${kind}`));
    } else {
      const width = roads[kind] ?? 10;
      if (kind in roads) {
        group.addLayer(line(thing, "casing", `casing ${kind}`, width + 2.5));
      }
      group.addLayer(line(thing, kind in roads ? "road" : "water", `line ${kind}`, width));
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

  // --- where names could stand -------------------------------------------------------------------------------------

  const LINES_FROM = 12.5;
  const LANES_FROM = 14.5;

  // Along a line: a stretch as long as the name and nearly straight, from the middle outwards; long lines bear their
  // name again and again. A list of tries for each time.
  const along = (points) => (width) => {
    const sums = [0];
    for (let index = 1; index < points.length; index += 1) {
      sums.push(sums[index - 1] + points[index].distanceTo(points[index - 1]));
    }
    const length = sums.at(-1);
    const at = (wanted) => {
      const index = Math.max(
        1,
        sums.findIndex((sum) => sum >= wanted),
      );
      const part = (wanted - sums[index - 1]) / (sums[index] - sums[index - 1] || 1);
      return points[index - 1].add(points[index].subtract(points[index - 1]).multiplyBy(part));
    };
    const stretch = (middle) => {
      const [from, to] = [at(middle - width / 2), at(middle + width / 2)];
      const chord = to.subtract(from);
      const span = from.distanceTo(to);
      const bend = Math.max(
        ...[0.25, 0.5, 0.75].map((part) => {
          const gap = at(middle + width * (part - 0.5)).subtract(from);
          return Math.abs(gap.x * chord.y - gap.y * chord.x) / (span || 1);
        }),
      );
      let turn = Math.atan2(chord.y, chord.x);
      turn += turn > Math.PI / 2 ? -Math.PI : turn <= -Math.PI / 2 ? Math.PI : 0;
      const middlePoint = from.add(to).divideBy(2);
      return { x: middlePoint.x, y: middlePoint.y, turn, straight: span > width * 0.95 && bend < 4 };
    };
    if (length < width * 1.15) {
      return [];
    }
    const times = Math.min(40, Math.max(1, Math.round(length / 650)));
    return Array.from({ length: times }, (_, time) =>
      [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88]
        .map((part) => ((time + part) * length) / times)
        .filter((middle) => middle > width / 2 && middle < length - width / 2)
        .map(stretch)
        .filter((one) => one.straight),
    );
  };

  // Within a shape: where the box of the name lies inside, as near to the middle as may be.
  const within = (ring, roomy) => (width, size) => {
    const box = L.bounds(ring);
    const { x: wide, y: high } = box.getSize();
    if (wide < width * roomy || high < size * roomy * 1.2) {
      return [];
    }
    const inside = (x, y) => {
      let found = false;
      for (let index = 0, last = ring.length - 1; index < ring.length; last = index, index += 1) {
        const [one, other] = [ring[index], ring[last]];
        if (one.y > y !== other.y > y && x < ((other.x - one.x) * (y - one.y)) / (other.y - one.y) + one.x) {
          found = !found;
        }
      }
      return found;
    };
    const middle = box.getCenter();
    const parts = [0, -0.12, 0.12, -0.24, 0.24, -0.34, 0.34];
    const tries = parts
      .flatMap((across) => parts.map((down) => ({ x: middle.x + across * wide, y: middle.y + down * high })))
      .filter(({ x, y }) =>
        [-1, 0, 1].every((right) =>
          [-1, 1].every((below) => inside(x + (right * width) / 2, y + below * size * 0.8)),
        ),
      )
      .sort((one, other) => middle.distanceTo(one) - middle.distanceTo(other));
    return [tries.map((one) => ({ ...one, turn: 0 }))];
  };

  // The longest of the lines, the largest of the surfaces.
  const largest = (parts) => parts.reduce((one, other) => (other.length > one.length ? other : one));

  const nameOf = (thing, zoom) => {
    const { type, coordinates } = thing.geometry;
    const points = (list) => list.map((one) => map.project(flip(one), zoom));
    const name = { slot: thing.slot, text: thing.title };
    const kind = thing.stroke;
    if (type === "Point") {
      const hand = kind === "sight" ? "sight" : "place";
      return { ...name, rank: "place", hand, at: map.project(flip(coordinates), zoom) };
    }
    if (type.endsWith("LineString")) {
      const rank = kind === "lane" ? "lane" : "line";
      if (zoom < (rank === "lane" ? LANES_FROM : LINES_FROM)) {
        return null;
      }
      const line = points(type === "LineString" ? coordinates : largest(coordinates));
      const hand = kind in roads ? kind : "river";
      return { ...name, rank, hand, line: true, tries: along(line) };
    }
    const ring = points((type === "Polygon" ? coordinates : largest(coordinates))[0]);
    if (thing.kind === "area") {
      const hand = this.layers[thing.layer].outline ? "inner" : "area";
      // Well inside: one village has its groups one, two, three, as every other has, and they are told last.
      return { ...name, rank: "area", hand, tries: within(ring, 5.8) };
    }
    const hand = kind === "river" ? "pond" : "surface";
    return { ...name, rank: "place", hand, tries: within(ring, 1) };
  };

  // What is named under the marks, with the places where each name could stand, in pixels of the world.
  this.groundNames = (zoom) => {
    const names = [];
    for (const slot of drawn.keys()) {
      const thing = this.thing(slot);
      if (thing.title && layerOf(thing)?.on && slot !== mended) {
        const name = nameOf(thing, zoom);
        if (name) {
          names.push(name);
        }
      }
    }
    return names;
  };

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
