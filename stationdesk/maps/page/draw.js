// Drawing something new, point by point: roads, rivers, areas, places. What is drawn stays in sight until it has a name
// and comes back as a record.
stationdesk.draw = function draw(map) {
  const container = map.getContainer();
  let pending = null;
  let carried = null;

  this.dropPending = () => {
    pending?.remove();
    pending = null;
  };
  this.on("patched", () => this.dropPending());
  this.on("loaded", () => this.dropPending());

  // `title` says what is drawn where that is known better than by its kind alone.
  this.startDrawing = ({ kind, type, title = "" }) => {
    // Another kind of line is another word for what is drawn so far.
    const begun = carried?.type === type ? carried.steps.points : [];
    this.dropPending();
    const label = this.shortened(title, 20) || this.strokes[kind].label;
    const trace = this.trace(type).addTo(map);
    const ahead = this.trace("LineString", "ahead").addTo(map);
    const dots = L.layerGroup().addTo(map);
    const naming = type === "Point" ? "marking_kind" : "drawing_kind";
    let mouse = null;
    let refused = false;

    const words = () => {
      const size = this.sizeWords(type, steps.points);
      const told = refused ? this.text("crossed") : this.text(naming, { kind: label });
      return size ? `${told} · ${size}` : told;
    };
    const buttons = () => [
      ...(steps.points.length >= this.leastPoints[type] ? [[this.text("done"), finish]] : []),
      ...(steps.past.length ? [[this.text("back"), () => steps.undo()]] : []),
      ...(steps.future.length ? [[this.text("again"), () => steps.redo()]] : []),
    ];
    const show = () => {
      trace.setLatLngs(steps.points);
      dots.clearLayers();
      for (const at of steps.points) {
        L.circleMarker(at, { pane: "drawing", radius: 4, className: "dot", interactive: false }).addTo(dots);
      }
      refused = false;
      lead();
      this.tellTool(words(), buttons(), this.text(type === "Point" ? "drawing_point_hint" : "drawing_hint"));
    };
    const steps = this.stepsOf(begun, show);

    // The line that runs ahead to the mouse, and what it would join.
    const lead = () => {
      const { points } = steps;
      if (!mouse) {
        ahead.setLatLngs([]);
        return;
      }
      ahead.setLatLngs(points.length && type !== "Point" ? [points.at(-1), mouse.at] : []);
      const joins = this.showSnap(mouse);
      this.showTip(mouse.at, [joins, this.sizeWords(type, points.length ? [...points, mouse.at] : [])]);
    };

    const landing = (event) =>
      this.snapped(event.latlng.wrap(), {
        own: steps.points.length > 2 ? [steps.points[0]] : [],
        // A house stands beside the road, not on it.
        free: type === "Point" || event.originalEvent?.altKey,
      });

    const put = (at) => {
      steps.keep([...steps.points, at]);
      if (type === "Point") {
        finish();
      }
    };

    let clicked = null;
    const click = (event) => {
      // The second click of a double click is no second point.
      if (clicked?.distanceTo(event.containerPoint) < 4 && steps.points.length) {
        return;
      }
      clicked = event.containerPoint;
      const found = landing(event);
      const [first] = steps.points;
      if (type === "Polygon" && steps.points.length > 2 && found.at.equals(first)) {
        finish();
        return;
      }
      put(found.at);
    };
    const move = (event) => {
      container.classList.remove("by-keys");
      mouse = landing(event);
      lead();
    };
    const out = () => {
      mouse = null;
      ahead.setLatLngs([]);
      this.hideTip();
    };

    const finish = () => {
      const { points } = steps;
      if (points.length < this.leastPoints[type]) {
        return;
      }
      if (type === "Polygon" && this.crosses(points)) {
        refused = true;
        this.tellTool(words(), buttons(), this.text("crossed_hint"));
        return;
      }
      const geometry = this.geometryOf(type, points);
      this.leaveTool();
      pending = (
        type === "Point"
          ? L.circleMarker(points[0], { pane: "drawing", radius: 7, className: "trace", interactive: false })
          : this.trace(type, "waiting").setLatLngs(points)
      ).addTo(map);
      this.say("drawn", { kind, geometry });
    };

    const centre = () => this.snapped(map.getCenter(), { free: type === "Point" }).at;
    // Without a mouse: the arrows move the map under a cross in its middle, the space bar puts a point there.
    const keys = (event) => {
      if (event.target !== container) {
        return;
      }
      if (event.key === "Enter") {
        type === "Point" && !steps.points.length ? put(centre()) : finish();
      } else if (event.key === " ") {
        event.preventDefault();
        container.classList.add("by-keys");
        clicked = null;
        put(centre());
      } else if (event.key.startsWith("Arrow")) {
        container.classList.add("by-keys");
        out();
      } else if (event.key === "Backspace") {
        steps.undo();
      }
    };

    this.enterTool({
      mode: "draw",
      words: this.text(naming, { kind: label }),
      hint: this.text(type === "Point" ? "drawing_point_hint" : "drawing_hint"),
      keys,
      history: steps,
      end: () => {
        map.off({ click, mousemove: move, mouseout: out, dblclick: finish });
        carried = null;
        container.classList.remove("by-keys");
        this.stopSnapping();
        for (const each of [trace, ahead, dots]) {
          each.remove();
        }
      },
    });
    carried = { type, steps };
    this.startSnapping();
    map.on({ click, mousemove: move, mouseout: out, dblclick: finish });
    if (begun.length) {
      show();
    }
  };
};
