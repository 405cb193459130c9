// Where a click lands that comes near something drawn: on its corner or end, else on its line. A ring shows it before
// one clicks; with Alt held down nothing is joined.
stationdesk.snap = function snap(map) {
  const CORNER = 13;
  const LINE = 9;
  let lines = [];
  let except = null;
  let on = false;

  const flip = ([lon, lat]) => L.latLng(lat, lon);
  const open = (parts) => parts.map((points) => ({ points: points.map(flip), closed: false }));
  const rings = (parts) => parts.map((points) => ({ points: points.slice(0, -1).map(flip), closed: true }));
  const PARTS = {
    Point: (at) => open([[at]]),
    LineString: (points) => open([points]),
    MultiLineString: open,
    Polygon: rings,
    MultiPolygon: (parts) => parts.flatMap(rings),
  };

  // In pixels of the world at this zoom, with the box that they fill: most lines are told by that alone.
  const projected = ({ points, closed }, title) => {
    const pixels = points.map((point) => map.project(point));
    return { points, pixels, closed, title, box: L.bounds(pixels) };
  };

  const gather = () => {
    const things = [...this.areas.values(), ...this.features.values()].filter(({ slot }) => slot !== except);
    lines = things.flatMap(({ geometry, title }) =>
      (PARTS[geometry.type]?.(geometry.coordinates) ?? []).map((part) => projected(part, title)),
    );
  };

  const ring = L.circleMarker([0, 0], { pane: "drawing", radius: 9, className: "snap", interactive: false });

  // From here until `stopSnapping`; the shape that is being mended does not join itself.
  this.startSnapping = (slot = null) => {
    except = slot;
    on = true;
    gather();
  };

  this.stopSnapping = () => {
    on = false;
    lines = [];
    ring.remove();
    this.hideTip();
  };

  const refresh = () => on && gather();
  map.on("zoomend", refresh);
  this.on("patched", refresh);

  const foot = (at, from, to) => {
    const step = to.subtract(from);
    const length = step.x ** 2 + step.y ** 2;
    const part = length ? ((at.x - from.x) * step.x + (at.y - from.y) * step.y) / length : 0;
    return from.add(step.multiplyBy(Math.min(1, Math.max(0, part))));
  };

  // `own` are points of the shape itself that may be joined, such as its first one.
  this.snapped = (at, { own = [], free = false } = {}) => {
    const nothing = { at, kind: "", title: "" };
    if (free || !on) {
      return nothing;
    }
    const pixel = map.project(at);
    let best = { ...nothing, gap: CORNER };
    const mine = own.length ? [projected({ points: own, closed: false }, "")] : [];
    const near = [...mine, ...lines].filter(({ box }) =>
      box.intersects([pixel.subtract([CORNER, CORNER]), pixel.add([CORNER, CORNER])]),
    );
    for (const { points, pixels, closed, title } of near) {
      pixels.forEach((corner, index) => {
        const gap = corner.distanceTo(pixel);
        if (gap < best.gap) {
          const end = !closed && (index === 0 || index === pixels.length - 1);
          best = { at: points[index], kind: end ? "end" : "corner", title, gap };
        }
      });
    }
    if (best.kind) {
      return best;
    }
    best.gap = LINE;
    for (const { pixels, closed, title } of near.slice(mine.length)) {
      for (let index = closed ? 0 : 1; index < pixels.length; index += 1) {
        const spot = foot(pixel, pixels.at(index - 1), pixels[index]);
        const gap = spot.distanceTo(pixel);
        if (gap < best.gap) {
          best = { at: map.unproject(spot), kind: "line", title, gap };
        }
      }
    }
    return best.kind ? best : nothing;
  };

  // Shows where a click would land; the words for it, or nothing.
  this.showSnap = ({ at, kind, title }) => {
    if (!kind) {
      ring.remove();
      return "";
    }
    ring.setLatLng(at).addTo(map);
    ring.getElement().classList.toggle("on-line", kind === "line");
    return title ? this.text(`snap_${kind}`, { title: this.shortened(title, 14) }) : this.text("snap_own");
  };
};
