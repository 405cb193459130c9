// What one mark, area or drawing says about itself. Its lines are asked for when it is opened: the page holds no more
// of a record than its number and title.
stationdesk.popup = function popup(map) {
  const bubble = L.popup({ maxWidth: 340, minWidth: 220, autoPanPadding: [30, 30], className: "card" });
  let open = null;
  let described = null;
  let still = false;

  const subtitle = (thing) => {
    if (thing.kind === "place") {
      return thing.mark.label;
    }
    return thing.kind === "feature"
      ? (this.strokes[thing.stroke]?.label ?? "")
      : this.layers[thing.layer].label;
  };

  const content = (thing) => {
    const card = this.element("div", "card-body");
    const head = this.element("div", "card-head");
    if (thing.kind === "place") {
      head.append(this.swatch(thing.mark, 26));
    }
    const words = this.element("div", "card-words");
    words.append(this.element("div", "card-title", thing.title));
    const line = this.element("div", "card-line");
    if (thing.number) {
      line.append(this.element("span", "card-number", thing.number));
    }
    line.append(this.element("span", "card-kind", subtitle(thing)));
    words.append(line);
    head.append(words);
    card.append(head);
    if (described?.slot === thing.slot) {
      const list = this.element("dl", "card-lines");
      for (const [label, value] of described.lines) {
        list.append(this.element("dt", "", label), this.element("dd", "", value));
      }
      card.append(list);
    } else {
      card.append(this.element("div", "card-wait", this.text("reading")));
    }
    const actions = this.element("div", "card-actions");
    const all = described?.slot === thing.slot ? described.actions : [];
    for (const [code, label] of all) {
      actions.append(
        this.button(actions.children.length ? "plain" : "main", label, () => {
          if (code === "reshape" || code === "extend") {
            this.editDrawing({ slot: thing.slot, extend: code === "extend" });
          } else {
            this.say("acted", { slot: thing.slot, action: code });
          }
        }),
      );
    }
    if (all.length) {
      card.append(actions);
    }
    L.DomEvent.disableClickPropagation(card);
    L.DomEvent.disableScrollPropagation(card);
    return card;
  };

  this.openPopup = (slot, at) => {
    const thing = this.thing(slot);
    if (!thing) {
      return;
    }
    open = slot;
    still = false;
    bubble.options.offset = thing.kind === "place" ? L.point(0, thing.mark.small ? -6 : -12) : L.point(0, 0);
    // The map answers with "popupclose" for the earlier one, which must not forget the new one.
    bubble.setLatLng(at ?? this.anchorOf(thing)).setContent(content(thing));
    if (!bubble.isOpen()) {
      bubble.openOn(map);
    }
    this.say("asked", { slot });
  };

  // Several records at one spot: a list to choose from.
  this.openList = (places, at) => {
    open = null;
    const card = this.element("div", "card-body");
    card.append(this.element("div", "card-title", this.text("together", { count: places.length })));
    const list = this.element("div", "card-list");
    for (const place of places) {
      const row = this.button("row", null, () => this.pick(place.slot));
      row.append(
        this.swatch(place.mark, 20),
        this.element("span", "card-number", place.number),
        this.element("span", "row-title", place.title),
      );
      list.append(row);
    }
    card.append(list);
    L.DomEvent.disableClickPropagation(card);
    L.DomEvent.disableScrollPropagation(card);
    bubble.options.offset = L.point(0, -12);
    bubble.setLatLng(at).setContent(card).openOn(map);
  };

  this.closePopup = () => map.closePopup(bubble);

  // New words in an open popup; the view moves for them only when somebody just opened it.
  const fill = (thing) => {
    bubble.options.autoPan = !still;
    bubble
      .setLatLng(thing.kind === "place" ? this.anchorOf(thing) : bubble.getLatLng())
      .setContent(content(thing));
    bubble.options.autoPan = true;
  };

  this.describe = (sent) => {
    described = sent;
    const thing = this.thing(sent.slot);
    if (open === sent.slot && thing && bubble.isOpen()) {
      fill(thing);
    }
    still = false;
  };

  map.on("popupclose", () => {
    open = null;
    if (this.selected !== null) {
      this.selected = null;
      this.emit("selected");
    }
  });

  this.on("loaded", () => {
    described = null;
    this.closePopup();
  });

  // An edit leaves the open popup where the record now is, with what it now says.
  this.on("patched", (sent) => {
    if (open === null) {
      return;
    }
    const thing = this.thing(open);
    if (!thing) {
      this.closePopup();
      return;
    }
    const edited = [
      sent.places.slot,
      ...[sent.areas, sent.features].map((list) => list.map((one) => one.slot)),
    ];
    if (edited.flat().includes(open)) {
      still = true;
      fill(thing);
      this.say("asked", { slot: open });
    }
  });
};
