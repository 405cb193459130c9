// What one mark, area or drawing says about itself. Its lines are asked for when it is opened: the page holds no more
// of a record than its number and title.
"use strict";

stationdesk.popup = function popup(map) {
  const desk = this;
  const bubble = L.popup({ maxWidth: 340, minWidth: 220, autoPanPadding: [30, 30], className: "card" });
  let open = null;
  let described = null;
  let still = false;

  const anchor = (thing, at) => {
    if (thing.kind === "place") {
      return L.latLng(thing.lat, thing.lon);
    }
    return at ?? L.geoJSON(thing.geometry).getBounds().getCenter();
  };

  const subtitle = (thing) => {
    if (thing.kind === "place") {
      return thing.mark.label;
    }
    return thing.kind === "feature" ? (desk.strokes[thing.stroke]?.label ?? "") : desk.layers[thing.layer].label;
  };

  const content = (thing) => {
    const card = desk.element("div", "card-body");
    const head = desk.element("div", "card-head");
    if (thing.kind === "place") {
      head.append(desk.swatch(thing.mark, 26));
    }
    const words = desk.element("div", "card-words");
    words.append(desk.element("div", "card-title", thing.title));
    const line = desk.element("div", "card-line");
    if (thing.number) {
      line.append(desk.element("span", "card-number", thing.number));
    }
    line.append(desk.element("span", "card-kind", subtitle(thing)));
    words.append(line);
    head.append(words);
    card.append(head);
    if (described?.slot === thing.slot) {
      const list = desk.element("dl", "card-lines");
      for (const [label, value] of described.lines) {
        list.append(desk.element("dt", "", label), desk.element("dd", "", value));
      }
      card.append(list);
    } else {
      card.append(desk.element("div", "card-wait", desk.text("reading")));
    }
    const actions = desk.element("div", "card-actions");
    const all = described?.slot === thing.slot ? described.actions : [];
    for (const [code, label] of all) {
      actions.append(
        desk.button(actions.children.length ? "plain" : "main", label, () => {
          if (code === "reshape") {
            desk.editFeature(thing.slot);
          } else {
            desk.say("acted", { slot: thing.slot, action: code });
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

  desk.openPopup = (slot, at) => {
    const thing = desk.thing(slot);
    if (!thing) {
      return;
    }
    open = slot;
    still = false;
    bubble.options.offset = thing.kind === "place" ? L.point(0, thing.mark.small ? -6 : -12) : L.point(0, 0);
    // The map answers with "popupclose" for the earlier one, which must not forget the new one.
    bubble.setLatLng(anchor(thing, at)).setContent(content(thing));
    if (!bubble.isOpen()) {
      bubble.openOn(map);
    }
    desk.say("asked", { slot });
  };

  // Several records at one spot: a list to choose from.
  desk.openList = (places, at) => {
    open = null;
    const card = desk.element("div", "card-body");
    card.append(desk.element("div", "card-title", desk.text("together", { count: places.length })));
    const list = desk.element("div", "card-list");
    for (const place of places) {
      const row = desk.button("row", null, () => desk.pick(place.slot));
      row.append(
        desk.swatch(place.mark, 20),
        desk.element("span", "card-number", place.number),
        desk.element("span", "row-title", place.title),
      );
      list.append(row);
    }
    card.append(list);
    L.DomEvent.disableClickPropagation(card);
    L.DomEvent.disableScrollPropagation(card);
    bubble.options.offset = L.point(0, -12);
    bubble.setLatLng(at).setContent(card).openOn(map);
  };

  desk.closePopup = () => map.closePopup(bubble);

  // New words in an open popup; the view moves for them only when somebody just opened it.
  const fill = (thing) => {
    bubble.options.autoPan = !still;
    bubble.setLatLng(thing.kind === "place" ? anchor(thing) : bubble.getLatLng()).setContent(content(thing));
    bubble.options.autoPan = true;
  };

  desk.describe = (sent) => {
    described = sent;
    const thing = desk.thing(sent.slot);
    if (open === sent.slot && thing && bubble.isOpen()) {
      fill(thing);
    }
    still = false;
  };

  map.on("popupclose", () => {
    open = null;
    if (desk.selected !== null) {
      desk.selected = null;
      desk.emit("selected");
    }
  });

  desk.on("loaded", () => {
    described = null;
    desk.closePopup();
  });

  // An edit leaves the open popup where the record now is, with what it now says.
  desk.on("patched", (sent) => {
    if (open === null) {
      return;
    }
    const thing = desk.thing(open);
    if (!thing) {
      desk.closePopup();
      return;
    }
    const edited = [sent.places.slot, ...[sent.areas, sent.features].map((list) => list.map((one) => one.slot))];
    if (edited.flat().includes(open)) {
      still = true;
      fill(thing);
      desk.say("asked", { slot: open });
    }
  });
};
