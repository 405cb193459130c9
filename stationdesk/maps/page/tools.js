// What every tool has in common: one at a time, a banner that says what a click does, Esc leaves, Ctrl+Z takes one step
// back. Placing a record is the plainest of them; drawing and mending have files of their own.
stationdesk.tools = function tools(map) {
  map.createPane("drawing").style.zIndex = 610;
  const container = map.getContainer();
  let leave = null;
  let steps = null;

  // `keys` hears what is typed on the map; `end` puts everything away.
  this.enterTool = ({ mode, words, hint = "", buttons = [], keys = () => {}, end, history = null }) => {
    this.closePopup();
    leave?.();
    this.mode = mode;
    steps = history;
    container.classList.add("tool-on");
    map.doubleClickZoom.disable();
    this.tellTool(words, buttons, hint);
    container.addEventListener("keydown", keys);
    leave = () => {
      leave = null;
      steps = null;
      container.removeEventListener("keydown", keys);
      end();
      this.hideBanner();
      container.classList.remove("tool-on");
      // Not before the click that ended the tool has passed, and what came of it is told.
      setTimeout(() => {
        if (!leave) {
          this.mode = "";
          map.doubleClickZoom.enable();
          this.say("tool", { mode: "none", back: 0, ahead: 0 });
        }
      }, 0);
    };
    this.sayTool();
    container.focus();
  };

  this.tellTool = (words, buttons, hint = "") =>
    this.showBanner(words, [...buttons, [this.text("cancel"), () => this.cancelTool()]], hint);

  // The program asks before it takes a saved step back: those of a drawing come first.
  this.sayTool = () =>
    this.say("tool", { mode: this.mode, back: steps?.past.length ?? 0, ahead: steps?.future.length ?? 0 });

  this.leaveTool = () => leave?.();

  this.cancelTool = () => {
    if (leave) {
      leave();
      this.say("cancelled", {});
    }
  };

  this.stepTool = (ahead) => (ahead ? steps?.redo() : steps?.undo());

  // The points of a shape and how they came to be: each change is one step back and one ahead.
  this.stepsOf = (begun, show) => {
    const history = {
      points: begun,
      past: [],
      future: [],
      keep: (points) => {
        history.past.push(history.points);
        history.future = [];
        history.points = points;
        show();
        this.sayTool();
      },
      undo: () => step(history.past, history.future),
      redo: () => step(history.future, history.past),
    };
    const step = (from, to) => {
      if (from.length) {
        to.push(history.points);
        history.points = from.pop();
        show();
        this.sayTool();
      }
    };
    return history;
  };

  this.rounded = (at) => [Math.round(at.lng * 1e6) / 1e6, Math.round(at.lat * 1e6) / 1e6];

  this.handle = (at, className, label, size = 16) => {
    const made = L.marker(at, {
      draggable: true,
      autoPan: true,
      autoPanOnFocus: false,
      pane: "drawing",
      keyboard: Boolean(label),
      icon: L.divIcon({ className: `handle ${className}`, iconSize: [size, size] }),
    }).addTo(map);
    if (label) {
      made.getElement().setAttribute("aria-label", label);
    }
    return made;
  };

  // What is being drawn; a line is drawn open even where an area will come of it.
  this.trace = (type, more = "") =>
    (type === "Polygon" ? L.polygon : L.polyline)([], {
      pane: "drawing",
      className: `trace ${type === "Polygon" ? "closed" : ""} ${more}`,
      interactive: false,
    });

  this.leastPoints = { Point: 1, LineString: 2, Polygon: 3 };

  // `holes` are kept as they were: only the outer line is drawn.
  this.geometryOf = (type, points, holes = []) => {
    const list = points.map(this.rounded);
    if (type === "Point") {
      return { type, coordinates: list[0] };
    }
    return type === "Polygon"
      ? { type, coordinates: [[...list, list[0]], ...holes] }
      : { type, coordinates: list };
  };

  // --- placing ---------------------------------------------------------------------------------------------------

  this.startPlacing = ({ slot, title }) => {
    const there = this.places.get(slot);
    const finish = (at) => {
      const [lon, lat] = this.rounded(at.wrap());
      this.leaveTool();
      this.say("placed", { lat, lon });
    };
    const click = (event) => finish(event.latlng);
    let pin = null;
    this.enterTool({
      mode: "place",
      words: this.text(there ? "moving" : "placing", { title: this.shortened(title, 30) }),
      keys: (event) => event.key === "Enter" && event.target === container && finish(map.getCenter()),
      end: () => {
        map.off("click", click);
        pin?.remove();
      },
    });
    map.on("click", click);
    if (there) {
      const at = L.latLng(there.lat, there.lon);
      if (!map.getBounds().contains(at)) {
        map.setView(at, Math.max(15, map.getZoom()), { animate: false });
      }
      pin = this.handle(at, "pin", this.shortened(title, 30), 24);
      pin.on("dragend", () => finish(pin.getLatLng()));
    }
  };

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (event.key === "Escape") {
      leave ? this.cancelTool() : this.closePopup();
    } else if (leave && event.ctrlKey && (key === "z" || key === "y")) {
      event.preventDefault();
      this.stepTool(key === "y" || event.shiftKey);
    }
  });
  this.on("loaded", () => this.cancelTool());
};
