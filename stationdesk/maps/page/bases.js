// Base maps, under everything else: tiles of pictures, and tiles of shapes that are painted here in a plain style. The
// topmost comes first. Tiles of another datum lie some 500 m beside the rest, so that they are never shown together.
stationdesk.bases = function bases(map) {
  map.createPane("bases").style.zIndex = 200;
  map.getPane("bases").style.pointerEvents = "none";

  let known = [];
  let drawn = new Map();

  const address = (base) =>
    `stationdesk://map/tiles/${base.number}/{z}/{x}/{y}${base.datum ? "" : `?datum=${this.datum}`}`;

  const build = (base, height) => {
    const [west, south, east, north] = base.extent;
    const [low, high] = base.zooms;
    const common = {
      pane: "bases",
      zIndex: height,
      noWrap: true,
      bounds: L.latLngBounds([south, west], [north, east]),
      // From farther off a screen would need hundreds of tiles; from nearer there is nothing but blur.
      minZoom: low - 1,
      maxZoom: Math.max(high + 6, 12),
      keepBuffer: 1,
      updateWhenZooming: false,
      attribution: "",
    };
    if (!base.vector) {
      const tiles = L.tileLayer(address(base), { ...common, minNativeZoom: low, maxNativeZoom: high });
      // Between two levels of zoom a tile ends between two pixels of the screen: a little more of it closes the seam.
      // Leaflet's own remedy, adding up the colours of both, leaves a line and makes one where tiles overlap.
      tiles.on("tileloadstart", ({ tile }) => {
        tile.style.width = tile.style.height = "256.7px";
        tile.style.mixBlendMode = "normal";
      });
      return tiles;
    }
    const style = this.plainStyle();
    const layer = protomapsL.leafletLayer({
      ...common,
      // Shapes stay sharp however near.
      maxZoom: 22,
      url: address(base),
      lang: "zh-Hans",
      paintRules: style.paint,
      labelRules: style.labels,
      maxDataZoom: high || 1,
    });
    const view = layer.views.get("");
    view.maxDataLevel = high; // the library takes a 0 for nothing said
    // Layers that no known kind of file has are drawn as well, as what they are.
    const source = view.tileCache.source;
    const get = source.get.bind(source);
    source.get = async (at, size) => {
      const tile = await get(at, size);
      style.adopt(tile.keys());
      return tile;
    };
    return layer;
  };

  const tops = () => known.find((base) => base.on && base.datum)?.datum ?? "wgs84";

  const show = () => {
    const wanted = known.filter((base) => base.on);
    for (const [base, layer] of drawn) {
      if (!wanted.includes(base)) {
        layer.remove();
        drawn.delete(base);
      }
    }
    for (const base of wanted) {
      if (!drawn.has(base)) {
        const layer = build(base, known.length - known.indexOf(base));
        drawn.set(base, layer);
        layer.addTo(map);
      }
    }
    document.body.classList.toggle("based", wanted.length > 0);
    credit(wanted);
    this.emit("bases");
  };

  // Where it is from, and its approval number; texts of a file, so never as markup.
  const line = this.element("div", "credit");
  line.setAttribute("role", "note");
  map.getContainer().append(line);
  const credit = (wanted) => {
    const words = wanted.flatMap((base) => [
      base.credit,
      base.review && this.text("review", { number: base.review }),
    ]);
    line.textContent = [...new Set(words.filter(Boolean))].join("  ");
    line.hidden = !line.textContent;
  };

  const turn = (base, on) => {
    base.on = on;
    if (on && base.datum) {
      for (const other of known) {
        if (other.datum && other.datum !== base.datum) {
          other.on = false;
        }
      }
    }
    show();
    if (tops() !== this.datum) {
      // What is drawn lies elsewhere in the other datum: the program sends it anew.
      this.cancelTool();
      this.say("based", { kind: tops() });
    }
  };

  // Rows for the legend; `tick` makes one.
  this.baseRows = (tick) =>
    known.map((base) => {
      const row = this.element("div", "legend-layer legend-base");
      row.append(tick("", base.on, base.label, null, null, (on) => turn(base, on)));
      return row;
    });

  this.baseExtent = () => {
    const corners = L.latLngBounds([]);
    for (const base of known.filter((one) => one.on)) {
      const [west, south, east, north] = base.extent;
      corners.extend([south, west]).extend([north, east]);
    }
    return corners;
  };

  // How many tiles with something on them are on the page, for each base map that is shown.
  this.tilesDrawn = () =>
    [...drawn].map(([base, layer]) => ({
      label: base.label,
      tiles: Object.values(layer._tiles).filter(
        ({ el, loaded }) => loaded && (el.tagName === "CANVAS" ? el.width : el.naturalWidth) > 1,
      ).length,
    }));

  this.on("loaded", () => {
    // What somebody turned on or off here holds until the program says otherwise.
    const before = new Map(known.map((base) => [base.number, base]));
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const kept = new Map();
    known = this.baseMaps.map((sent) => {
      const old = before.get(sent.number);
      const on = old && old.sent.on === sent.on ? old.on : sent.on;
      if (old && same(old.sent, sent) && (sent.datum || old.seen === this.datum)) {
        old.on = on;
        if (drawn.has(old)) {
          kept.set(old, drawn.get(old));
          drawn.delete(old);
        }
        return old;
      }
      return { ...sent, sent, on, seen: this.datum };
    });
    for (const layer of drawn.values()) {
      layer.remove();
    }
    drawn = kept;
    for (const [base, layer] of drawn) {
      layer.setZIndex(known.length - known.indexOf(base));
    }
    show();
    if (tops() !== this.datum) {
      this.say("based", { kind: tops() });
    }
  });

  this.on("theme", () => {
    for (const [base, layer] of drawn) {
      if (base.vector) {
        layer.remove();
        drawn.delete(base);
      }
    }
    show();
  });
};
