// The marks of resources and households, on one canvas. What would lie on top of one another is drawn as one ring with
// a number in it; each layer gathers its own. The count on the map is taken here, mark by mark, as they are painted.
stationdesk.marks = function marks(map) {
  const desk = this;
  map.createPane("marks").style.zIndex = 400;
  map.getPane("marks").style.pointerEvents = "none";

  let arranged = [];
  let arrangedFor = null;
  let names = [];
  let hovered = null;

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
      const [width, height] = [Math.round(size.x * desk.sharp()), Math.round(size.y * desk.sharp())];
      // A canvas that is given its size, even the one it has, is made anew: that is felt while the map is moved.
      if (this._container.width !== width || this._container.height !== height) {
        this._container.width = width;
        this._container.height = height;
      }
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this.fire("update");
      this.paint(false);
    },

    // `all` takes every mark in hand, in view or not, and counts; otherwise what is in view is enough.
    paint(all) {
      if (!this._bounds || desk.loading) {
        return;
      }
      const zoom = map.getZoom();
      if (all || arrangedFor !== zoom) {
        const before = new Set(
          [...desk.places.values()].filter((place) => place.drawn).map((place) => place.slot),
        );
        arranged = desk.arrange(zoom);
        names = desk.layNames(arranged, zoom);
        desk.laid = { items: arranged, names };
        arrangedFor = zoom;
        if (!all) {
          for (const slot of before) {
            desk.places.get(slot).drawn = true;
          }
        }
      }
      const { min, max } = this._bounds;
      const pen = this._pen;
      pen.setTransform(desk.sharp(), 0, 0, desk.sharp(), -min.x * desk.sharp(), -min.y * desk.sharp());
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
          desk.paintItem(pen, item);
        }
        if (inside) {
          inView.push(item);
        }
      }
      this.items = inView;
      desk.paintNames(pen, names, origin, this._bounds);
      for (const item of inView) {
        if (item.members.length === 1 && item.members[0].slot === desk.selected) {
          desk.paintHalo(pen, item, "accent", 3);
        } else if (item === hovered) {
          desk.paintHalo(pen, item, "ink", 1.5);
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
  // A new document is brought into view first, and gathered once it is there: with thousands of marks twice is felt.
  desk.on("loaded", () => {
    arrangedFor = null;
  });
  desk.on("changed", repaint);
  desk.on("layers", repaint);
  desk.on("selected", repaint);
  desk.on("theme", repaint);
  desk.on("renamed", repaint);
  desk.on("bases", () => desk.loading || repaint());
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
      const at = desk.anchorOf(thing);
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
};
