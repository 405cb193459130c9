// Where the names of what is drawn could stand: along a road or a river, sign by sign where it bends, upright where it
// is steep, as Chinese maps set them; within an area; beside a place. Which of them find room is decided in ink.js.
stationdesk.names = function names(map) {
  const LINES_FROM = 12.5;
  const LANES_FROM = 14.5;
  // From this slope on the signs of a name stand upright below one another, as on a signpost.
  const STEEP = 0.9;
  // Radians by which neighbouring signs may lean apart before they no longer read as one name.
  const BEND = 0.55;
  // Names of ideographs stand upright; Latin letters lean with the line.
  const UPRIGHT = /^[\p{Script=Han}\d]+$/u;

  const flip = ([lon, lat]) => L.latLng(lat, lon);

  // A way along a line of points: where one is after so many pixels.
  const wayAlong = (points) => {
    const sums = [0];
    for (let index = 1; index < points.length; index += 1) {
      sums.push(sums[index - 1] + points[index].distanceTo(points[index - 1]));
    }
    const at = (wanted) => {
      const found = sums.findIndex((sum) => sum >= wanted);
      const index = found < 0 ? sums.length - 1 : Math.max(1, found);
      const part = (wanted - sums[index - 1]) / (sums[index] - sums[index - 1] || 1);
      return points[index - 1].add(points[index].subtract(points[index - 1]).multiplyBy(part));
    };
    return { at, length: sums.at(-1) };
  };

  const angle = (from, to) => Math.atan2(to.y - from.y, to.x - from.x);
  // The smaller of the two ways round between two directions.
  const apart = (one, other) => Math.abs(Math.atan2(Math.sin(one - other), Math.cos(one - other)));

  // Along a line: a stretch as long as the name, from the middle outwards; long lines bear their name again and again. A
  // list of tries for each time.
  const along = (points) => (width, size, signs) => {
    const { at, length } = wayAlong(points);
    const isUpright = UPRIGHT.test(signs.map(({ text }) => text).join(""));

    // In one piece, where the line is nearly straight.
    const straight = (middle) => {
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
      if (span <= width * 0.95 || bend >= 4 || (isUpright && Math.abs(turn) > STEEP)) {
        return null;
      }
      const middlePoint = from.add(to).divideBy(2);
      return { x: middlePoint.x, y: middlePoint.y, turn };
    };

    // Sign by sign: each lies on the line, read from the left, or from above where the line is steep.
    const bent = (middle) => {
      const whole = angle(at(middle - width / 2), at(middle + width / 2));
      const slope = Math.abs(Math.atan(Math.tan(whole)));
      const steep = isUpright && slope > STEEP;
      const backwards = steep ? Math.sin(whole) < 0 : Math.cos(whole) < 0;
      const air = steep ? size * 0.3 : 0;
      const ways = signs.map(({ advance }) => (steep ? Math.max(advance, size) : advance) + air);
      const total = ways.reduce((sum, way) => sum + way, 0);
      if (total > length * 0.95 || middle - total / 2 < 0 || middle + total / 2 > length) {
        return null;
      }
      let gone = middle - total / 2;
      const order = backwards ? [...signs.keys()].reverse() : [...signs.keys()];
      const placed = [];
      for (const index of order) {
        const [from, to] = [at(gone), at(gone + ways[index])];
        const centre = at(gone + ways[index] / 2);
        const lean = angle(from, to) + (backwards ? Math.PI : 0) - (steep ? Math.PI / 2 : 0);
        placed.push({ text: signs[index].text, x: centre.x, y: centre.y, turn: lean });
        gone += ways[index];
      }
      const turned = placed.some(
        (sign, index) => index > 0 && apart(sign.turn, placed[index - 1].turn) > BEND,
      );
      // Where a line turns back on itself the signs of its name would lie over one another.
      const crowded = placed.some((sign, index) =>
        placed.some(
          (other, place) => place > index && Math.hypot(sign.x - other.x, sign.y - other.y) < size * 0.85,
        ),
      );
      if (turned || (crowded && isUpright)) {
        return null;
      }
      const { x, y } = at(middle);
      return { x, y, turn: 0, signs: backwards ? placed.reverse() : placed };
    };

    if (length < width * 1.15) {
      return [];
    }
    const times = Math.min(40, Math.max(1, Math.round(length / 650)));
    return Array.from({ length: times }, (_, time) => {
      const middles = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88]
        .map((part) => ((time + part) * length) / times)
        .filter((middle) => middle > width / 2 && middle < length - width / 2);
      // A straight stretch is read most easily, wherever it is.
      return [...middles.map(straight), ...middles.map(bent)].filter(Boolean);
    });
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
      const hand = ["main_road", "lane"].includes(kind) ? kind : "river";
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
  this.groundNames = (zoom) =>
    this.shownGround()
      .filter((thing) => thing.title && thing.geometry.coordinates)
      .map((thing) => nameOf(thing, zoom))
      .filter(Boolean);
};
