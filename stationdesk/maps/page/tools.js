// Placing a record, drawing roads, rivers, areas and places, and mending them. One tool at a time; a banner says what a
// click does, Esc leaves.
stationdesk.tools = function tools(map) {
  map.createPane("drawing").style.zIndex = 610;
  let leave = null;

  const enter = (mode, words, buttons, end) => {
    this.closePopup();
    leave?.();
    this.mode = mode;
    map.getContainer().classList.add("tool-on");
    map.doubleClickZoom.disable();
    this.showBanner(words, [...buttons, [this.text("cancel"), () => this.cancelTool()]]);
    leave = () => {
      leave = null;
      end();
      this.hideBanner();
      map.getContainer().classList.remove("tool-on");
      // Not before the click that ended the tool has passed.
      setTimeout(() => {
        if (!leave) {
          this.mode = "";
          map.doubleClickZoom.enable();
        }
      }, 0);
    };
    map.getContainer().focus();
  };

  this.cancelTool = () => {
    if (leave) {
      leave();
      this.say("cancelled", {});
    }
  };

  const rounded = (at) => [Math.round(at.lng * 1e6) / 1e6, Math.round(at.lat * 1e6) / 1e6];

  const handle = (at, className, size = 16) =>
    L.marker(at, {
      draggable: true,
      autoPan: true,
      pane: "drawing",
      keyboard: false,
      icon: L.divIcon({ className: `handle ${className}`, iconSize: [size, size] }),
    }).addTo(map);

  const outline = (type) =>
    (type === "Polygon" ? L.polygon : L.polyline)([], {
      pane: "drawing",
      className: type === "Polygon" ? "trace closed" : "trace",
      interactive: false,
    });

  // --- placing ---------------------------------------------------------------------------------------------------

  this.startPlacing = ({ slot, title }) => {
    const there = this.places.get(slot);
    const finish = (at) => {
      const [lon, lat] = rounded(at.wrap());
      leave();
      this.say("placed", { lat, lon });
    };
    const click = (event) => finish(event.latlng);
    const key = (event) => {
      if (event.key === "Enter") {
        finish(map.getCenter());
      }
    };
    let pin = null;
    enter("place", this.text(there ? "moving" : "placing", { title: this.shortened(title, 30) }), [], () => {
      map.off("click", click);
      map.getContainer().removeEventListener("keydown", key);
      pin?.remove();
    });
    map.on("click", click);
    map.getContainer().addEventListener("keydown", key);
    if (there) {
      const at = L.latLng(there.lat, there.lon);
      if (!map.getBounds().contains(at)) {
        map.setView(at, Math.max(15, map.getZoom()), { animate: false });
      }
      pin = handle(at, "pin", 24);
      pin.on("dragend", () => finish(pin.getLatLng()));
    }
  };

  // --- drawing ---------------------------------------------------------------------------------------------------

  const geometryOf = (type, points) => {
    const list = points.map(rounded);
    if (type === "Point") {
      return { type, coordinates: list[0] };
    }
    return type === "Polygon" ? { type, coordinates: [[...list, list[0]]] } : { type, coordinates: list };
  };
  const least = { Point: 1, LineString: 2, Polygon: 3 };

  this.startDrawing = ({ kind }) => {
    const stroke = this.strokes[kind];
    const type = stroke.geometry;
    const points = [];
    const trace = outline(type);
    const ahead = L.polyline([], { pane: "drawing", className: "trace ahead", interactive: false });
    trace.addTo(map);
    ahead.addTo(map);
    const finish = () => {
      if (points.length < least[type]) {
        return;
      }
      const geometry = geometryOf(type, points);
      leave();
      this.say("drawn", { kind, geometry });
    };
    const back = () => {
      points.pop();
      trace.setLatLngs(points);
      ahead.setLatLngs([]);
    };
    const click = (event) => {
      const last = points.at(-1);
      // The second click of a double click is no second point.
      if (last && map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) {
        return;
      }
      points.push(event.latlng.wrap());
      trace.setLatLngs(points);
      if (type === "Point") {
        finish();
      }
    };
    const move = (event) => points.length && ahead.setLatLngs([points.at(-1), event.latlng]);
    const key = (event) => {
      if (event.key === "Enter") {
        finish();
      } else if (event.key === "Backspace") {
        back();
      }
    };
    const words = type === "Point" ? "drawing_point" : "drawing";
    const buttons =
      type === "Point"
        ? []
        : [
            [this.text("done"), finish],
            [this.text("back"), back],
          ];
    enter("draw", this.text(words, { kind: stroke.label }), buttons, () => {
      map.off({ click, mousemove: move, dblclick: finish });
      map.getContainer().removeEventListener("keydown", key);
      trace.remove();
      ahead.remove();
    });
    map.on({ click, mousemove: move, dblclick: finish });
    map.getContainer().addEventListener("keydown", key);
  };

  // --- mending ---------------------------------------------------------------------------------------------------

  this.editFeature = (slot) => {
    const feature = this.features.get(slot);
    const type = feature?.geometry.type;
    if (!(type in least)) {
      return;
    }
    const ring = { Point: (all) => [all], LineString: (all) => all, Polygon: (all) => all[0].slice(0, -1) }[
      type
    ];
    const points = ring(feature.geometry.coordinates).map(([lon, lat]) => L.latLng(lat, lon));
    let handles = [];
    const trace = outline(type);
    trace.addTo(map);
    const draw = () => trace.setLatLngs(points);
    // Full handles on the points, pale ones between them that become points when they are dragged.
    const place = () => {
      for (const one of handles) {
        one.remove();
      }
      handles = [];
      draw();
      points.forEach((at, index) => {
        const corner = handle(at, "corner");
        corner.on("drag", () => {
          points[index] = corner.getLatLng();
          draw();
        });
        corner.on("dragend", place);
        corner.on("contextmenu", () => {
          if (points.length > least[type]) {
            points.splice(index, 1);
            place();
          }
        });
        handles.push(corner);
        const next = points[index + 1] ?? (type === "Polygon" ? points[0] : null);
        // Where points lie close, a handle between them would only hide them.
        if (next && map.latLngToLayerPoint(at).distanceTo(map.latLngToLayerPoint(next)) > 45) {
          const between = handle(L.latLng((at.lat + next.lat) / 2, (at.lng + next.lng) / 2), "between");
          between.on("dragstart", () => points.splice(index + 1, 0, between.getLatLng()));
          between.on("drag", () => {
            points[index + 1] = between.getLatLng();
            draw();
          });
          between.on("dragend", place);
          handles.push(between);
        }
      });
    };
    const finish = () => {
      const geometry = geometryOf(type, points);
      leave();
      this.say("edited", { slot, geometry });
    };
    const key = (event) => event.key === "Enter" && finish();
    enter(
      "edit",
      this.text("editing", { title: this.shortened(feature.title, 30) }),
      [[this.text("done"), finish]],
      () => {
        map.off("zoomend", place);
        for (const one of handles) {
          one.remove();
        }
        trace.remove();
        map.getContainer().removeEventListener("keydown", key);
        this.showDrawing(slot, true);
      },
    );
    map.getContainer().addEventListener("keydown", key);
    this.showDrawing(slot, false);
    map.on("zoomend", place);
    place();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      leave ? this.cancelTool() : this.closePopup();
    }
  });
  this.on("loaded", () => leave?.());
};
