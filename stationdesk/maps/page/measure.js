// How long and how large something drawn is, in the words of the panels. The earth is a sphere here, as in Leaflet; over
// a village that is right to a few parts in a thousand, and no line is drawn by hand as exactly.
stationdesk.measure = function measure(map) {
  const MU = 10000 / 15; // square metres of one mu

  this.lengthOf = (points) =>
    points.slice(1).reduce((sum, point, index) => sum + map.distance(points[index], point), 0);

  // Square metres within a ring of points.
  this.areaOf = (points) => {
    const [first] = points;
    const metre = (Math.PI / 180) * 6371000;
    const across = metre * Math.cos((first.lat * Math.PI) / 180);
    const flat = points.map((point) => [(point.lng - first.lng) * across, (point.lat - first.lat) * metre]);
    const twice = flat.reduce((sum, [x, y], index) => {
      const [nextX, nextY] = flat[(index + 1) % flat.length];
      return sum + x * nextY - nextX * y;
    }, 0);
    return Math.abs(twice) / 2;
  };

  // What is said of a shape while it is drawn; nothing before there is something to measure.
  this.sizeWords = (type, points) => {
    if (type === "Point" || points.length < 2) {
      return "";
    }
    if (type === "LineString" || points.length < 3) {
      return this.text("length", { length: this.metres(this.lengthOf(points)) });
    }
    const area = this.areaOf(points);
    const mu = area / MU;
    return this.text("area", {
      mu: mu < 10 ? Math.round(mu * 10) / 10 : Math.round(mu).toLocaleString("en-US"),
      area:
        area < 1e6 ? `${Math.round(area).toLocaleString("en-US")} m²` : `${Math.round(area / 1e4) / 100} km²`,
      length: this.metres(this.lengthOf([...points, points[0]])),
    });
  };

  // Whether the outline of an area runs across itself: then nobody knows what lies within.
  this.crosses = (points) => {
    const side = (a, b, c) =>
      Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
    const count = points.length;
    for (let one = 0; one < count; one += 1) {
      for (let other = one + 2; other < count; other += 1) {
        if (one === 0 && other === count - 1) {
          continue; // neighbours, where the ring closes
        }
        const [a, b] = [points[one], points[one + 1]];
        const [c, d] = [points[other], points[(other + 1) % count]];
        if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
          return true;
        }
      }
    }
    return false;
  };

  // The words that go along with the mouse: what it would join, and how large the shape is by then.
  const tip = L.tooltip({ direction: "right", offset: [14, 0], className: "tip trace-tip", opacity: 1 });
  this.showTip = (at, lines) => {
    const words = lines.filter(Boolean);
    if (!words.length) {
      tip.remove();
      return;
    }
    const box = this.element("span");
    words.forEach((line, index) => {
      if (index) {
        box.append(this.element("br"));
      }
      box.append(this.element("span", "", line));
    });
    tip.setLatLng(at).setContent(box).addTo(map);
  };
  this.hideTip = () => tip.remove();
};
