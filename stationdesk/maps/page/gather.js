// Which marks stand alone and which are gathered into one ring, so that none hides another.
stationdesk.gather = function gather() {
  // How near two marks may come before they are gathered, in pixels. From zoom 17 on everything stands alone, except
  // what shares one spot.
  const reach = (mark, zoom) => {
    if (zoom >= 19) {
      return 4;
    }
    const near = mark.small ? 17 : 27;
    return zoom >= 17 ? near / 3 : near;
  };

  const gather = (list, world, zoom, items) => {
    const side = reach(list[0].mark, zoom);
    const cells = new Map();
    // At most 2 to the power of 26 each way, so that both fit into one exact number.
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

  // Sorts the shown places into items { x, y, members } in pixels of the world at this zoom. Greedy with a grid of
  // cells: every place looks at the nine cells around it only.
  this.arrange = (zoom) => {
    const world = 256 * 2 ** zoom;
    const items = [];
    const byLayer = new Map();
    for (const place of this.places.values()) {
      place.drawn = false;
      if (place.drawable && this.isShown(place)) {
        if (place.slot === this.selected) {
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
    const chosen = this.places.get(this.selected);
    if (chosen?.drawable && this.isShown(chosen)) {
      items.push({ x: chosen.x * world, y: chosen.y * world, members: [chosen] });
    }
    return items;
  };
};
