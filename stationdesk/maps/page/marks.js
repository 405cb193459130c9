// The marks of resources and households, on one canvas. What would lie on top of one another is drawn as one ring with
// a number in it; each layer gathers its own. The count on the map is taken here, mark by mark, as they are painted.
stationdesk.marks = function marks(map) {
  const desk = this;
  const FULL = 26;
  const SMALL = 15;
  map.createPane("marks").style.zIndex = 400;
  map.getPane("marks").style.pointerEvents = "none";

  let arranged = [];
  let arrangedFor = null;
  let pictures = new Map();
  let widths = new Map();
  let hovered = null;

  const sharp = () => Math.min(3, window.devicePixelRatio || 1);

  // How near two marks may come before they are gathered, in pixels. From zoom 17 on everything stands alone, except
  // what shares one spot.
  const reach = (mark, zoom) => {
    if (zoom >= 19) {
      return 2;
    }
    const near = mark.small ? 17 : 27;
    return zoom >= 17 ? near / 3 : near;
  };

  // Sorts the shown places into items { x, y, members } in pixels of the world at this zoom. Greedy with a grid of
  // cells: every place looks at the nine cells around it only.
  const arrange = (zoom) => {
    const world = 256 * 2 ** zoom;
    const items = [];
    const byLayer = new Map();
    for (const place of desk.places.values()) {
      place.drawn = false;
      if (place.drawable && desk.isShown(place)) {
        if (place.slot === desk.selected) {
          continue;
        }
        const list = byLayer.get(place.mark.layer) ?? [];
        list.push(place);
        byLayer.set(place.mark.layer, list);
      }
    }
    // The first layer of the legend lies on top.
    for (const layer of [...byLayer.keys()].sort((one, other) => other - one)) {
      gather(byLayer.get(layer), world, zoom, items);
    }
    const chosen = desk.places.get(desk.selected);
    if (chosen?.drawable && desk.isShown(chosen)) {
      items.push({ x: chosen.x * world, y: chosen.y * world, members: [chosen] });
    }
    return items;
  };

  const gather = (list, world, zoom, items) => {
    const side = reach(list[0].mark, zoom);
    const cells = new Map();
    const cell = (x, y) => Math.floor(x / side) * 0x4000000 + Math.floor(y / side);
    for (const place of list) {
      place.px = place.x * world;
      place.py = place.y * world;
      place.taken = false;
      const code = cell(place.px, place.py);
      const there = cells.get(code);
      there ? there.push(place) : cells.set(code, [place]);
    }
    for (const place of list) {
      if (place.taken) {
        continue;
      }
      const members = [];
      let [x, y] = [0, 0];
      for (let across = -1; across <= 1; across += 1) {
        for (let down = -1; down <= 1; down += 1) {
          const code = cell(place.px + across * side, place.py + down * side);
          const there = cells.get(code);
          if (!there) {
            continue;
          }
          const left = [];
          for (const other of there) {
            if ((other.px - place.px) ** 2 + (other.py - place.py) ** 2 <= side * side) {
              other.taken = true;
              members.push(other);
              x += other.px;
              y += other.py;
            } else {
              left.push(other);
            }
          }
          cells.set(code, left);
        }
      }
      items.push({ x: x / members.length, y: y / members.length, members });
    }
  };

  // A mark painted once, then copied: painting its path and letter 5,000 times would be felt.
  const picture = (mark) => {
    if (!pictures.has(mark.index)) {
      const size = (mark.small ? SMALL : FULL) + 6;
      const made = document.createElement("canvas");
      made.width = size * sharp();
      made.height = size * sharp();
      const pen = made.getContext("2d");
      pen.scale(sharp(), sharp());
      pen.translate(3, 3);
      pen.scale((size - 6) / 24, (size - 6) / 24);
      const path = new Path2D(mark.path);
      pen.lineJoin = "round";
      pen.shadowColor = "rgba(15, 25, 40, .35)";
      pen.shadowBlur = 2.5 * sharp();
      pen.shadowOffsetY = 0.8 * sharp();
      pen.strokeStyle = desk.colour("halo");
      pen.lineWidth = mark.small ? 4.5 : 3;
      pen.stroke(path);
      pen.shadowColor = "transparent";
      pen.fillStyle = mark.colour;
      pen.fill(path);
      if (!mark.small) {
        pen.fillStyle = "#fff";
        pen.font = `700 ${mark.size}px ${desk.colour("font")}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(mark.letter, 12, mark.y + 0.6);
      }
      pictures.set(mark.index, { image: made, size });
    }
    return pictures.get(mark.index);
  };

  const paintRing = (pen, item) => {
    const counts = new Map();
    for (const place of item.members) {
      counts.set(place.mark, (counts.get(place.mark) ?? 0) + 1);
    }
    const small = item.members[0].mark.small;
    const many = item.members.length;
    const radius = small ? 8 + Math.min(5, Math.log2(many)) : 12 + Math.min(9, 1.5 * Math.log2(many));
    item.radius = radius;
    const full = Math.PI * 2;
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, radius + 1.5, 0, full);
    pen.fillStyle = desk.colour("halo");
    pen.fill();
    pen.lineWidth = small ? 1.5 : 4.5;
    let from = -Math.PI / 2;
    for (const [mark, count] of [...counts].sort((one, other) => one[0].index - other[0].index)) {
      const to = from + (full * count) / many;
      pen.beginPath();
      pen.arc(item.at.x, item.at.y, radius - pen.lineWidth / 2, from, to);
      // Households stay in the background: no more than that there are some.
      pen.strokeStyle = small ? desk.colour("soft") : mark.colour;
      pen.stroke();
      from = to;
    }
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, radius - pen.lineWidth, 0, full);
    pen.fillStyle = desk.colour(small ? "ring-small" : "ring");
    pen.fill();
    pen.fillStyle = desk.colour("ink");
    pen.font = `600 ${small ? 10 : 12.5}px ${desk.colour("font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(many > 999 ? `${Math.round(many / 100) / 10}k` : String(many), item.at.x, item.at.y + 0.8);
  };

  const paintItem = (pen, item) => {
    if (item.members.length > 1) {
      paintRing(pen, item);
    } else {
      const { image, size } = picture(item.members[0].mark);
      pen.drawImage(image, item.at.x - size / 2, item.at.y - size / 2, size, size);
      item.radius = size / 2 - 3;
    }
    for (const place of item.members) {
      place.drawn = true;
    }
  };

  const widthOf = (pen, words) => {
    if (!widths.has(words)) {
      widths.set(words, pen.measureText(words).width);
    }
    return widths.get(words);
  };

  // Numbers, and names from nearer on, beside the marks, where nothing else stands.
  const paintNames = (pen, items, zoom) => {
    const lone = items.filter((item) => item.members.length === 1);
    const taken = new Boxes();
    for (const item of items) {
      taken.add(
        item.at.x - item.radius,
        item.at.y - item.radius,
        item.at.x + item.radius,
        item.at.y + item.radius,
      );
    }
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const item of lone.reverse()) {
      const [place] = item.members;
      const chosen = place.slot === desk.selected;
      const from = place.mark.small ? 18 : 15;
      if (zoom < from && !chosen) {
        continue;
      }
      const named = zoom >= from + 1 || chosen;
      const words = desk.shortened([place.number, named ? place.title : ""].filter(Boolean).join(" "), 18);
      if (!words) {
        continue;
      }
      pen.font = `${chosen ? 700 : 500} ${place.mark.small ? 11 : 12}px ${desk.colour("font")}`;
      const width = widthOf(pen, words);
      const x = item.at.x + item.radius + (chosen ? 11 : 4);
      const y = item.at.y;
      if (!chosen && taken.meets(x, y - 7, x + width, y + 7)) {
        continue;
      }
      taken.add(x, y - 7, x + width, y + 7);
      pen.strokeStyle = desk.colour("paper");
      pen.lineWidth = 3.5;
      pen.strokeText(words, x, y);
      pen.fillStyle = desk.colour(chosen ? "accent" : "ink");
      pen.fillText(words, x, y);
    }
  };

  const paintHalo = (pen, item, name, width) => {
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, item.radius + 5, 0, Math.PI * 2);
    pen.strokeStyle = desk.colour(name);
    pen.lineWidth = width;
    pen.stroke();
  };

  const Sheet = L.Renderer.extend({
    _initContainer() {
      this._container = document.createElement("canvas");
      this._pen = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
    },

    // Called by Leaflet when the view came to rest; between, the picture is moved along.
    _update() {
      if (map._animatingZoom && this._bounds) {
        return;
      }
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = size.x * sharp();
      this._container.height = size.y * sharp();
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this.fire("update");
      this.paint(false);
    },

    // `all` takes every mark in hand, in view or not, and counts; otherwise what is in view is enough.
    paint(all) {
      if (!this._bounds) {
        return;
      }
      const zoom = map.getZoom();
      if (all || arrangedFor !== zoom) {
        const before = new Set(
          [...desk.places.values()].filter((place) => place.drawn).map((place) => place.slot),
        );
        arranged = arrange(zoom);
        arrangedFor = zoom;
        if (!all) {
          for (const slot of before) {
            desk.places.get(slot).drawn = true;
          }
        }
      }
      const { min, max } = this._bounds;
      const pen = this._pen;
      pen.setTransform(sharp(), 0, 0, sharp(), -min.x * sharp(), -min.y * sharp());
      pen.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      const origin = map.getPixelOrigin();
      const inView = [];
      for (const item of arranged) {
        item.at = L.point(item.x - origin.x, item.y - origin.y);
        const inside =
          item.at.x > min.x - 30 &&
          item.at.x < max.x + 30 &&
          item.at.y > min.y - 30 &&
          item.at.y < max.y + 30;
        if (inside || all) {
          paintItem(pen, item);
        }
        if (inside) {
          inView.push(item);
        }
      }
      this.items = inView;
      paintNames(pen, inView, zoom);
      for (const item of inView) {
        if (item.members.length === 1 && item.members[0].slot === desk.selected) {
          paintHalo(pen, item, "accent", 3);
        } else if (item === hovered) {
          paintHalo(pen, item, "ink", 1.5);
        }
      }
      if (all) {
        count();
      }
    },
  });

  const count = () => {
    const sum = { drawn: 0, hidden: 0, total: desk.places.size, gathered: 0 };
    for (const place of desk.places.values()) {
      sum.drawn += place.drawn ? 1 : 0;
      sum.hidden += desk.isShown(place) ? 0 : 1;
    }
    for (const item of arranged) {
      sum.gathered += item.members.length > 1 ? item.members.length : 0;
    }
    desk.emit("counted", sum);
  };

  const sheet = new Sheet({ pane: "marks", padding: 0.25 });
  sheet.items = [];
  map.addLayer(sheet);

  const repaint = () => {
    if (!desk.layers.length) {
      return;
    }
    arrangedFor = null;
    hovered = null;
    sheet.paint(true);
  };
  desk.on("loaded", () => {
    pictures = new Map();
    widths = new Map();
    desk.hiddenMarks.clear();
    arrangedFor = null;
  });
  desk.on("changed", repaint);
  desk.on("layers", repaint);
  desk.on("selected", repaint);
  desk.on("theme", () => {
    pictures = new Map();
    repaint();
  });
  // Rings differ with the zoom, and so does the number of what is gathered.
  map.on("zoomend", () => desk.places.size && repaint());

  // What is under the mouse: the topmost item, or nothing. `point` is in pixels of the window of the map.
  desk.markAt = (point) => {
    const at = map.containerPointToLayerPoint(point);
    for (let index = sheet.items.length - 1; index >= 0; index -= 1) {
      const item = sheet.items[index];
      if (item.at.distanceTo(at) <= Math.max(9, item.radius + 2)) {
        return item;
      }
    }
    return null;
  };

  const tip = L.tooltip({ direction: "top", className: "tip", opacity: 1 });
  const hover = (item) => {
    if (item === hovered) {
      return;
    }
    hovered = item;
    map.getContainer().classList.toggle("over-mark", item !== null);
    sheet.paint(false);
    if (!item) {
      tip.remove();
      return;
    }
    const [first] = item.members;
    const words =
      item.members.length > 1
        ? desk.text("together", { count: item.members.length })
        : desk.shortened([first.number, first.title].filter(Boolean).join(" "), 40);
    tip.options.offset = L.point(0, -item.radius - 4);
    tip
      .setLatLng(map.layerPointToLatLng(item.at))
      .setContent(desk.element("span", "", words))
      .addTo(map);
  };
  map.on("mousemove", (event) => hover(desk.mode ? null : desk.markAt(event.containerPoint)));
  map.on("mouseout movestart zoomstart", () => hover(null));

  // A tool is asked first; see tools.js.
  map.on("click", (event) => {
    if (desk.mode) {
      return;
    }
    const item = desk.markAt(event.containerPoint);
    if (!item) {
      return;
    }
    hover(null);
    if (item.members.length === 1) {
      desk.pick(item.members[0].slot);
      return;
    }
    const extent = L.latLngBounds(item.members.map((place) => [place.lat, place.lon]));
    const span = map.project(extent.getNorthEast(), 19).distanceTo(map.project(extent.getSouthWest(), 19));
    if (span < 24 || map.getZoom() >= 19) {
      desk.openList(item.members, map.layerPointToLatLng(item.at));
    } else {
      map.fitBounds(extent.pad(0.2), { maxZoom: Math.max(17, map.getZoom() + 2) });
    }
  });

  // Somebody chose a mark here: show it and tell the program.
  desk.pick = (slot) => {
    desk.select(slot, false);
    desk.say("picked", { slot });
  };

  // The program, or somebody here, chose a record.
  desk.select = (slot, bring = true) => {
    const thing = desk.thing(slot);
    if (!thing) {
      return;
    }
    if (thing.kind === "place") {
      show(thing);
    }
    if (bring) {
      const at =
        thing.kind === "place"
          ? L.latLng(thing.lat, thing.lon)
          : L.geoJSON(thing.geometry).getBounds().getCenter();
      const zoom = Math.max(map.getZoom(), 15);
      // A short way is panned, a long one jumped: nothing is gained by watching it.
      map.setView(at, zoom, { animate: zoom === map.getZoom() && map.getBounds().pad(1).contains(at) });
    }
    desk.openPopup(slot);
    desk.selected = thing.kind === "place" ? slot : null;
    desk.emit("selected");
  };

  const show = (place) => {
    if (!desk.isShown(place)) {
      desk.layers[place.mark.layer].on = true;
      desk.hiddenMarks.delete(place.mark.index);
      desk.emit("layers");
    }
  };

  // Boxes of what is written already, found by cells of 64 pixels.
  function Boxes() {
    const cells = new Map();
    const around = (left, top, right, bottom, act) => {
      for (let x = Math.floor(left / 64); x <= Math.floor(right / 64); x += 1) {
        for (let y = Math.floor(top / 64); y <= Math.floor(bottom / 64); y += 1) {
          act(`${x} ${y}`);
        }
      }
    };
    this.add = (left, top, right, bottom) => {
      around(left, top, right, bottom, (code) => {
        const there = cells.get(code);
        const box = [left, top, right, bottom];
        there ? there.push(box) : cells.set(code, [box]);
      });
    };
    this.meets = (left, top, right, bottom) => {
      let found = false;
      around(left, top, right, bottom, (code) => {
        found ||= (cells.get(code) ?? []).some(
          (box) => left < box[2] && right > box[0] && top < box[3] && bottom > box[1],
        );
      });
      return found;
    };
  }
};
