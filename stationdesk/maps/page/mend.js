// Mending what is drawn: points are moved, added, taken out; a line is continued or cut in two; a shape is moved whole.
stationdesk.mend = function mend(map) {
  const container = map.getContainer();
  const READ = {
    Point: (at) => [at],
    LineString: (points) => points,
    Polygon: (rings) => rings[0].slice(0, -1),
  };
  const MANY = 200;
  let mending = null;
  // Pixels that an arrow key moves a point by, alone and with the shift key.
  const NUDGE = { false: 1, true: 10 };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  this.editDrawing = ({ slot, extend = false }) => {
    const thing = this.features.get(slot) ?? this.areas.get(slot);
    const type = thing?.geometry.type;
    if (!(type in READ)) {
      return;
    }
    const holes = type === "Polygon" ? thing.geometry.coordinates.slice(1) : [];
    const begun = READ[type](thing.geometry.coordinates).map(([lon, lat]) => L.latLng(lat, lon));
    const trace = this.trace(type);
    // What the mouse can take hold of: wider than the line itself.
    const hold = (type === "Polygon" ? L.polygon : L.polyline)([], {
      pane: "drawing",
      className: "hold",
      bubblingMouseEvents: false,
    });
    const ahead = this.trace("LineString", "ahead");
    let handles = [];
    let chosen = null;
    let growing = null; // "last" or "first" while a line is continued at that end, "" until the end is known
    let refused = false;
    let dragging = false;

    const live = (points) => {
      trace.setLatLngs(points);
      hold.setLatLngs(points);
    };

    const words = () => {
      const size = this.sizeWords(type, steps.points);
      const told =
        growing !== null
          ? this.text("continuing", { title: this.shortened(thing.title, 20) })
          : this.text(refused ? "crossed" : "editing", { title: this.shortened(thing.title, 20) });
      return size ? `${told} · ${size}` : told;
    };
    const tell = () => {
      const { points, past, future } = steps;
      const inner = chosen !== null && chosen > 0 && chosen < points.length - 1;
      const buttons = [[this.text("done"), finish]];
      if (growing !== null) {
        buttons.push([this.text("enough"), () => grow(null)]);
      } else {
        if (chosen !== null && points.length > this.leastPoints[type]) {
          buttons.push([this.text("take_out"), () => takeOut(chosen)]);
        }
        if (type === "LineString" && inner && thing.kind === "feature") {
          buttons.push([this.text("cut"), () => cut(chosen)]);
        }
        if (type === "LineString") {
          buttons.push([this.text("continue"), () => grow("")]);
        }
      }
      if (past.length) {
        buttons.push([this.text("back"), () => steps.undo()]);
      }
      if (future.length) {
        buttons.push([this.text("again"), () => steps.redo()]);
      }
      this.tellTool(words(), buttons, this.text(growing !== null ? "continuing_hint" : `editing_${type}`));
    };

    const show = () => {
      refused = false;
      if (chosen !== null && chosen >= steps.points.length) {
        chosen = null;
      }
      live(steps.points);
      place();
      tell();
    };
    const steps = this.stepsOf(begun, show);

    const choose = (index) => {
      chosen = index;
      for (const one of handles) {
        one.getElement()?.classList.toggle("chosen", one.corner === index);
      }
      tell();
    };
    const changed = (act) => {
      const points = [...steps.points];
      act(points);
      steps.keep(points);
    };
    const takeOut = (index) => {
      if (steps.points.length > this.leastPoints[type]) {
        chosen = null;
        changed((points) => points.splice(index, 1));
      }
    };

    // --- points and what lies between them -----------------------------------------------------------------------

    const drag = (one, index, insert) => {
      const moved = (at) => {
        const points = [...steps.points];
        insert ? points.splice(index, 0, at) : points.splice(index, 1, at);
        return points;
      };
      one.on("dragstart", () => {
        dragging = true;
      });
      one.on("drag", (event) => {
        const free = type === "Point" || event.originalEvent?.altKey;
        const found = this.snapped(one.getLatLng(), { free });
        one.setLatLng(found.at);
        live(moved(found.at));
        this.showTip(found.at, [this.showSnap(found), this.sizeWords(type, moved(found.at))]);
      });
      one.on("dragend", () => {
        dragging = false;
        this.showSnap({ kind: "" });
        this.hideTip();
        chosen = index;
        steps.keep(moved(one.getLatLng()));
      });
    };

    const cornerAt = (at, index) => {
      const label = this.text("corner", { number: index + 1, count: steps.points.length });
      const one = this.handle(at, index === chosen ? "corner chosen" : "corner", label);
      one.corner = index;
      drag(one, index, false);
      one.on("click", (event) => {
        L.DomEvent.stop(event);
        choose(index);
      });
      one.on("contextmenu", () => takeOut(index));
      const held = one.getElement();
      held.addEventListener("focus", () => chosen !== index && choose(index));
      held.addEventListener("keydown", (event) => {
        if (event.key in ARROWS) {
          event.preventDefault();
          const step = L.point(ARROWS[event.key]).multiplyBy(NUDGE[event.shiftKey]);
          const to = map.layerPointToLatLng(map.latLngToLayerPoint(steps.points[index]).add(step));
          changed((points) => points.splice(index, 1, to));
          handles
            .find((other) => other.corner === index)
            ?.getElement()
            .focus();
        } else if (event.key === "Delete") {
          takeOut(index);
        }
      });
      return one;
    };

    // Full handles on the points, pale ones between them that become points when they are dragged.
    const place = () => {
      for (const one of handles) {
        one.remove();
      }
      handles = [];
      const { points } = steps;
      // A track has thousands of points: those in view are enough to take hold of.
      const view = points.length > MANY ? map.getBounds().pad(0.2) : null;
      points.forEach((at, index) => {
        if (view && !view.contains(at)) {
          return;
        }
        handles.push(cornerAt(at, index));
        const next = points[index + 1] ?? (type === "Polygon" ? points[0] : null);
        // Where points lie close, a handle between them would only hide them.
        if (next && map.latLngToLayerPoint(at).distanceTo(map.latLngToLayerPoint(next)) > 45) {
          const between = this.handle(
            L.latLng((at.lat + next.lat) / 2, (at.lng + next.lng) / 2),
            "between",
            "",
          );
          drag(between, index + 1, true);
          handles.push(between);
        }
      });
    };

    const placeAgain = () => steps.points.length > MANY && !dragging && place();

    // --- the whole shape -----------------------------------------------------------------------------------------

    // A press on the line that goes nowhere adds a point there; one that goes on takes the shape along.
    const press = (event) => {
      L.DomEvent.stop(event);
      if (growing !== null) {
        return;
      }
      const from = event.latlng;
      const start = event.containerPoint;
      let by = null;
      map.dragging.disable();
      const away = (moved) => {
        if (by || moved.containerPoint.distanceTo(start) > 3) {
          by = { lat: moved.latlng.lat - from.lat, lng: moved.latlng.lng - from.lng };
          live(steps.points.map((one) => L.latLng(one.lat + by.lat, one.lng + by.lng)));
          for (const one of handles) {
            one.setOpacity(0);
          }
        }
      };
      const release = () => {
        map.off({ mousemove: away, mouseup: release });
        map.dragging.enable();
        if (by) {
          steps.keep(steps.points.map((one) => L.latLng(one.lat + by.lat, one.lng + by.lng)));
        } else if (type !== "Point") {
          addNear(from);
        }
      };
      map.on({ mousemove: away, mouseup: release });
    };
    const addNear = (at) => {
      const { points } = steps;
      const pixel = map.latLngToLayerPoint(at);
      const pixels = points.map((one) => map.latLngToLayerPoint(one));
      const count = type === "Polygon" ? points.length : points.length - 1;
      const gaps = Array.from({ length: count }, (_, index) =>
        L.LineUtil.pointToSegmentDistance(pixel, pixels[index], pixels[(index + 1) % pixels.length]),
      );
      const nearest = gaps.indexOf(Math.min(...gaps));
      if (gaps[nearest] <= 9) {
        chosen = nearest + 1;
        changed((list) => list.splice(nearest + 1, 0, at));
      }
    };

    // --- continuing a line ---------------------------------------------------------------------------------------

    const grow = (end) => {
      growing = end;
      chosen = null;
      ahead.setLatLngs([]);
      this.showSnap({ kind: "" });
      this.hideTip();
      tell();
      container.focus();
    };
    // Until the first click, the end that is nearer to the mouse.
    const endFor = (at) => {
      const { points } = steps;
      const first = map.distance(at, points[0]) < map.distance(at, points.at(-1));
      return growing || (first ? "first" : "last");
    };
    const landing = (event) => this.snapped(event.latlng.wrap(), { free: event.originalEvent?.altKey });
    let clicked = null;
    const click = (event) => {
      if (growing === null) {
        chosen !== null && choose(null);
        return;
      }
      if (clicked?.distanceTo(event.containerPoint) < 4) {
        return;
      }
      clicked = event.containerPoint;
      const { at } = landing(event);
      growing = endFor(at);
      changed((points) => (growing === "first" ? points.unshift(at) : points.push(at)));
    };
    const move = (event) => {
      if (growing === null) {
        return;
      }
      const found = landing(event);
      const from = endFor(found.at) === "first" ? steps.points[0] : steps.points.at(-1);
      ahead.setLatLngs([from, found.at]);
      const longer = this.metres(this.lengthOf(steps.points) + map.distance(from, found.at));
      this.showTip(found.at, [this.showSnap(found), this.text("length", { length: longer })]);
    };

    // --- the end -------------------------------------------------------------------------------------------------

    const cut = (index) => {
      const { points } = steps;
      const [geometry, rest] = [points.slice(0, index + 1), points.slice(index)].map((part) =>
        this.geometryOf(type, part),
      );
      this.leaveTool();
      this.say("split", { slot, geometry, rest });
    };
    const finish = () => {
      if (type === "Polygon" && this.crosses(steps.points)) {
        refused = true;
        tell();
        return;
      }
      const geometry = this.geometryOf(type, steps.points, holes);
      this.leaveTool();
      this.say("edited", { slot, geometry });
    };
    const keys = (event) => {
      if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
        finish();
      } else if (event.key === "Backspace" && growing !== null) {
        steps.undo();
      }
    };
    const double = () => growing !== null && finish();

    this.enterTool({
      mode: "edit",
      words: "",
      keys,
      history: steps,
      end: () => {
        map.off({ click, mousemove: move, dblclick: double, zoomend: place, moveend: placeAgain });
        this.stopSnapping();
        for (const one of [...handles, trace, hold, ahead]) {
          one.remove();
        }
        mending = null;
        this.showDrawing(slot, true);
      },
    });
    mending = slot;
    this.showDrawing(slot, false);
    this.startSnapping(slot);
    hold.addTo(map).on("mousedown", press);
    trace.addTo(map);
    ahead.addTo(map);
    map.on({ click, mousemove: move, dblclick: double, zoomend: place, moveend: placeAgain });
    if (!map.getBounds().intersects(L.latLngBounds(begun))) {
      map.setView(L.latLngBounds(begun).getCenter(), map.getZoom(), { animate: false });
    }
    show();
    if (extend && type === "LineString") {
      grow("");
    }
  };

  // What is being mended may be taken away meanwhile, by undo or elsewhere.
  this.on("patched", (sent) => mending !== null && sent.gone.includes(mending) && this.cancelTool());
};
