// What the other files stand on: one state, the words, and a few events. Station text is only ever put on the page as
// textContent or drawn on a canvas; nothing here makes markup out of it.
window.stationdesk = {
  map: null,
  // What the program sent; see stationdesk/maps/layers.py.
  texts: {},
  layers: [],
  kinds: [],
  strokes: {},
  places: new Map(),
  areas: new Map(),
  features: new Map(),
  featureLayer: -1,
  unplaced: 0,
  // Whether everything lies on a plane of its own, by lengths that were guessed.
  sketch: false,
  // What lies under the marks, the topmost first, and the datum that all of it is drawn in.
  baseMaps: [],
  datum: "wgs84",
  hiddenMarks: new Set(),
  palette: {},
  selected: null,
  // What the picture consists of at this zoom, in pixels of the world.
  laid: { items: [], names: [] },
  anchor: { lat: 35, lng: 105 },
  // While a new document comes, nothing is painted: half of what is known is of the one before.
  loading: false,
  // Whether everything is in view as `fit` left it, and nobody has looked elsewhere since.
  fitted: false,
  // What the mouse does at present: "" looks around, otherwise the name of a tool.
  mode: "",
  listeners: new Map(),

  station(map) {
    this.map = map;
    map.attributionControl.setPrefix(false);
    map.getContainer().setAttribute("role", "application");
    document.title = "";
    map.on("movestart zoomstart", () => {
      this.fitted = false;
    });
    // A larger window shows all of it larger, unless people were looking at a part.
    map.on("resize", () => {
      if (this.fitted) {
        this.fit();
      }
    });
  },

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  },

  emit(event, value) {
    for (const listener of this.listeners.get(event) ?? []) {
      listener(value);
    }
  },

  // A sentence with its values put in. Not String.replace with a text: "$&" in a title would mean something to it.
  text(name, values = {}) {
    return (this.texts[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) =>
      key in values ? String(values[key]) : whole,
    );
  },

  element(tag, className = "", text = null) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== null) {
      made.textContent = text;
    }
    return made;
  },

  button(className, text, act) {
    const made = this.element("button", className, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  },

  // The picture of a mark as an inline drawing, for legend and popup.
  swatch(mark, size) {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("viewBox", "-1 -1 26 26");
    drawing.setAttribute("width", size);
    drawing.setAttribute("height", size);
    drawing.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(space, "path");
    shape.setAttribute("d", mark.path);
    shape.setAttribute("fill", mark.hollow ? "#fff" : mark.colour);
    if (mark.hollow) {
      shape.setAttribute("stroke", mark.colour);
      shape.setAttribute("stroke-width", 2);
      shape.setAttribute("stroke-dasharray", "4 2.5");
    }
    drawing.append(shape);
    if (!mark.small) {
      const letter = document.createElementNS(space, "text");
      letter.setAttribute("x", 12);
      letter.setAttribute("y", mark.y);
      letter.setAttribute("class", "letter");
      letter.setAttribute("font-size", mark.size);
      if (mark.hollow) {
        letter.style.fill = mark.colour;
      }
      letter.textContent = mark.letter;
      drawing.append(letter);
    }
    return drawing;
  },

  // A colour of the style sheet, for what is painted on a canvas.
  colour(name) {
    this.palette[name] ??= getComputedStyle(document.body).getPropertyValue(`--${name}`).trim();
    return this.palette[name];
  },

  setTheme(dark) {
    document.body.classList.toggle("dark", dark);
    this.palette = {};
    this.emit("theme");
  },

  // A number on a canvas or in a label; long texts are cut there and stand whole in the popup.
  shortened(text, length) {
    const letters = Array.from(text.slice(0, length * 4));
    return letters.length > length || text.length > length * 4
      ? `${letters.slice(0, length).join("")}…`
      : text;
  },

  metres(count) {
    return count < 1000 ? `${Math.round(count)} m` : `${Math.round(count / 10) / 100} km`;
  },

  // Reads the columns of places; positions are differences of whole millionths of a degree.
  read(columns) {
    const rows = [];
    let lat = 0;
    let lon = 0;
    for (let row = 0; row < columns.mark.length; row += 1) {
      lat += columns.lat[row];
      lon += columns.lon[row];
      const place = {
        slot: columns.slot ? columns.slot[row] : row,
        kind: "place",
        lat: lat / 1e6,
        lon: lon / 1e6,
        mark: this.kinds[columns.mark[row]],
        number: columns.number[row],
        title: columns.title[row],
        drawn: false,
      };
      // Web Mercator (EPSG:3857), the world as a square of side 1; it ends short of the poles.
      const sine = Math.sin((place.lat * Math.PI) / 180);
      place.x = place.lon / 360 + 0.5;
      place.y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
      place.drawable = Math.abs(place.lat) <= 85.05 && Math.abs(place.lon) <= 180;
      rows.push(place);
    }
    return rows;
  },

  load(sent, fit) {
    const hidden = new Set([...this.hiddenMarks].map((index) => this.kinds[index].label));
    this.texts = sent.texts;
    const shown = new Map(this.layers.map((layer) => [layer.label, layer.on]));
    this.layers = sent.layers.map((layer) => ({ ...layer, on: shown.get(layer.label) ?? layer.on }));
    this.kinds = sent.marks.map((mark, index) => ({ ...mark, index }));
    this.hiddenMarks = new Set(this.kinds.filter((mark) => hidden.has(mark.label)).map((mark) => mark.index));
    this.strokes = sent.strokes;
    this.featureLayer = sent.featureLayer;
    this.unplaced = sent.unplaced;
    this.baseMaps = sent.bases;
    this.datum = sent.datum;
    this.places = new Map(this.read(sent.places).map((place) => [place.slot, place]));
    let slot = this.places.size;
    const numbered = (things, kind) =>
      new Map(
        things.map((thing) => {
          const one = { ...thing, kind, stroke: thing.kind, slot };
          slot += 1;
          return [one.slot, one];
        }),
      );
    this.areas = numbered(sent.areas, "area");
    this.features = numbered(sent.features, "feature");
    this.selected = null;
    this.map.getContainer().setAttribute("aria-label", this.text("map"));
    this.loading = true;
    this.emit("loaded");
    if (fit) {
      this.fit();
    }
    this.loading = false;
    this.emit("changed");
  },

  patch(sent) {
    for (const slot of sent.gone) {
      this.places.delete(slot);
      this.areas.delete(slot);
      this.features.delete(slot);
      if (this.selected === slot) {
        this.selected = null;
      }
    }
    for (const place of this.read(sent.places)) {
      this.places.set(place.slot, place);
    }
    for (const area of sent.areas) {
      this.areas.set(area.slot, { ...area, kind: "area" });
    }
    for (const feature of sent.features) {
      this.features.set(feature.slot, { ...feature, kind: "feature", stroke: feature.kind });
    }
    this.emit("patched", sent);
    this.emit("changed");
  },

  thing(slot) {
    return this.places.get(slot) ?? this.areas.get(slot) ?? this.features.get(slot);
  },

  // Where the popup of something points to: the middle point of a line, the middle of an area.
  anchorOf(thing) {
    if (thing.kind === "place") {
      return L.latLng(thing.lat, thing.lon);
    }
    const { type, coordinates } = thing.geometry;
    if (type === "LineString") {
      const [one, other] = [0.5, 1].map((part) => coordinates[Math.ceil(coordinates.length / 2 - part)]);
      return L.latLng((one[1] + other[1]) / 2, (one[0] + other[0]) / 2);
    }
    return L.geoJSON(thing.geometry).getBounds().getCenter();
  },

  isShown(place) {
    return this.layers[place.mark.layer].on && !this.hiddenMarks.has(place.mark.index);
  },

  setSketch(on) {
    this.sketch = on;
    this.emit("renamed");
  },

  // A part of the earth so many metres wide, in the middle of the window: where a white sheet begins.
  lookAt({ lat, lon, metres }) {
    const { x } = this.map.getSize();
    const around = 40075016.686 * Math.cos((lat * Math.PI) / 180);
    const zoom = Math.log2((around * x) / (256 * metres));
    this.map.setView([lat, lon], Math.min(19, Math.floor(zoom * 4) / 4), { animate: false });
    this.anchor = this.map.getCenter();
    this.emit("renamed");
  },

  // Everything in view, without jumping about: at the first look, and when asked to.
  fit() {
    const corners = L.latLngBounds([]);
    for (const place of this.places.values()) {
      if (place.drawable) {
        corners.extend([place.lat, place.lon]);
      }
    }
    for (const thing of [...this.areas.values(), ...this.features.values()]) {
      const extent = L.geoJSON(thing.geometry).getBounds();
      // Nobody misses where a walk led while walks are not shown.
      if (extent.isValid() && (this.layers[thing.layer]?.on ?? true)) {
        corners.extend(extent);
      }
    }
    if (!corners.isValid()) {
      corners.extend(this.baseExtent());
    }
    if (corners.isValid()) {
      // The legend stands on the right; nothing should begin under it.
      const legend = this.map.getContainer().querySelector(".legend")?.offsetWidth ?? 0;
      this.map.fitBounds(corners, {
        paddingTopLeft: [36, 30],
        paddingBottomRight: [Math.min(legend, this.map.getSize().x / 3) + 24, 46],
        maxZoom: 17,
        animate: false,
      });
      this.anchor = this.map.getCenter();
      this.fitted = true;
    }
  },
};
