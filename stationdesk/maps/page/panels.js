// What stands around the map: legend, count, scale bar, buttons, and the banner that says what a click does now.
stationdesk.panels = function panels(map) {
  let legend = null;
  let folded = false;
  // By label; what is not in here is folded when all of its marks are small.
  const folds = new Map();

  const Corner = L.Control.extend({
    onAdd() {
      const box = this.options.make();
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    },
  });
  const corner = (position, make) => new Corner({ position, make }).addTo(map);

  const tally = () => {
    const numbers = new Map();
    for (const place of this.places.values()) {
      numbers.set(place.mark.index, (numbers.get(place.mark.index) ?? 0) + 1);
    }
    return numbers;
  };

  const tick = (className, on, label, picture, number, act) => {
    const row = this.element("label", className);
    const box = this.element("input");
    box.type = "checkbox";
    box.checked = on;
    box.addEventListener("change", () => act(box.checked));
    row.append(box);
    if (picture) {
      row.append(picture);
    }
    row.append(this.element("span", "legend-label", label));
    if (number !== null) {
      row.append(this.element("span", "legend-number", number.toLocaleString("en-US")));
    }
    return row;
  };

  const build = () => {
    const box = this.element("section", "panel legend");
    box.setAttribute("aria-label", this.text("legend"));
    const head = this.button("legend-head", null, () => {
      folded = !folded;
      refill();
    });
    head.setAttribute("aria-expanded", String(!folded));
    head.append(
      this.element("span", "", this.text("legend")),
      this.element("span", "fold", folded ? "▸" : "▾"),
    );
    box.append(head);
    if (folded) {
      return box;
    }
    const body = this.element("div", "legend-body");
    const numbers = tally();
    body.append(...this.baseRows(tick));
    this.layers.forEach((layer, index) => {
      const marks = this.kinds.filter((mark) => mark.layer === index);
      const sum = marks.reduce((total, mark) => total + (numbers.get(mark.index) ?? 0), 0);
      const closed = folds.get(layer.label) ?? (marks.length > 0 && marks.every((mark) => mark.small));
      const row = this.element("div", "legend-layer");
      row.append(
        tick("", layer.on, layer.label, null, marks.length ? sum : null, (on) => {
          layer.on = on;
          this.emit("layers");
        }),
      );
      const fold = this.button("legend-fold", closed ? "▸" : "▾", () => {
        folds.set(layer.label, !closed);
        refill();
      });
      fold.setAttribute("aria-expanded", String(!closed));
      fold.setAttribute("aria-label", layer.label);
      fold.disabled = !sum || !layer.on;
      row.append(fold);
      body.append(row);
      if (!layer.on || closed) {
        return;
      }
      for (const mark of marks.filter((one) => numbers.has(one.index))) {
        const on = !this.hiddenMarks.has(mark.index);
        body.append(
          tick(
            "legend-mark",
            on,
            mark.label,
            this.swatch(mark, mark.small ? 15 : 20),
            numbers.get(mark.index),
            (wanted) => {
              wanted ? this.hiddenMarks.delete(mark.index) : this.hiddenMarks.add(mark.index);
              this.emit("layers");
            },
          ),
        );
      }
    });
    box.append(body);
    return box;
  };

  const refill = () => {
    const holder = legend.getContainer();
    const at = holder.querySelector(".legend-body")?.scrollTop ?? 0;
    const focused = [...holder.querySelectorAll("input, button")].indexOf(document.activeElement);
    holder.replaceChildren(build());
    if (holder.querySelector(".legend-body")) {
      holder.querySelector(".legend-body").scrollTop = at;
    }
    if (focused >= 0) {
      holder.querySelectorAll("input, button")[focused]?.focus();
    }
  };

  const tool = (sign, label, act) => {
    const made = this.button("tool", sign, act);
    made.title = label;
    made.setAttribute("aria-label", label);
    return made;
  };

  const fitSign = () => {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("class", "sign");
    const path = document.createElementNS(space, "path");
    path.setAttribute(
      "d",
      "M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4",
    );
    drawing.append(path);
    return drawing;
  };

  const count = this.element("div", "panel count");
  count.setAttribute("role", "status");
  this.on("counted", (sum) => {
    const figures = (number) => number.toLocaleString("en-US");
    count.replaceChildren(
      this.element(
        "strong",
        "",
        this.text("drawn", { drawn: figures(sum.drawn), total: figures(sum.total) }),
      ),
    );
    const more = [];
    const lost = sum.total - sum.drawn - sum.hidden;
    if (sum.hidden) {
      more.push(["", this.text("hidden", { count: figures(sum.hidden) })]);
    }
    if (lost > 0) {
      more.push(["lost", this.text("lost", { count: figures(lost) })]);
    }
    if (sum.gathered) {
      more.push(["", this.text("gathered", { count: figures(sum.gathered) })]);
    }
    if (this.sketch) {
      more.push(["", this.text("sketch")]);
    }
    if (this.unplaced) {
      more.push(["", this.text("unplaced", { count: figures(this.unplaced) })]);
    }
    for (const [className, words] of more) {
      count.append(this.element("span", className, words));
    }
  });

  // Made with the first document, since their words come with it.
  const first = () => {
    corner("topleft", () => {
      const box = this.element("div", "panel tools");
      const fit = tool(null, this.text("fit"), () => this.fit());
      fit.append(fitSign());
      box.append(
        tool("+", this.text("nearer"), () => map.zoomIn()),
        tool("−", this.text("farther"), () => map.zoomOut()),
        fit,
      );
      return box;
    });
    legend = corner("topright", () => this.element("div", "legend-holder"));
    corner("bottomleft", () => count);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 140 }).addTo(map);
  };

  const banner = this.element("div", "banner");
  banner.setAttribute("role", "status");
  banner.hidden = true;
  map.getContainer().append(banner);
  L.DomEvent.disableClickPropagation(banner);

  // Says what the mouse does now, with the buttons that end it: [label, act] each, and below how it is done.
  this.showBanner = (words, buttons, hint = "") => {
    const row = this.element("div", "banner-row");
    row.append(this.element("span", "banner-words", words));
    for (const [label, act] of buttons) {
      row.append(this.button("banner-button", label, act));
    }
    banner.replaceChildren(row);
    if (hint) {
      banner.append(this.element("div", "banner-hint", hint));
    }
    banner.hidden = false;
  };

  this.hideBanner = () => {
    banner.hidden = true;
  };

  this.on("loaded", () => {
    if (!legend) {
      first();
    }
    refill();
  });
  this.on("patched", refill);
  this.on("layers", refill);
  this.on("bases", () => legend && refill());
};
