// Which marks stand alone, which are gathered into one ring, and where the rings stand, so that none hides another.
stationdesk.gather = function gather() {
  // Up to here a landmark that is one of many (a village) is a dot beside its name: from afar the name is the map.
  const DOTS_BELOW = 14.75;
  const DOT = 8;
  // From here on everything stands where it is, except what shares one spot.
  const TRUE_FROM = 17;
  // How far a ring may step aside from the middle of what it gathers, and how much air it keeps, in pixels.
  const STEP = 44;
  const AIR = 2.5;

  // How near two marks may come before they are gathered, in pixels.
  const reach = (mark, zoom) => {
    if (zoom >= 19) {
      return 4;
    }
    // Households from afar: no more than that there are some, about one ring for each group of a village.
    const near = mark.small ? (zoom < DOTS_BELOW ? 30 : 20) : 27;
    return zoom >= TRUE_FROM ? near / 3 : near;
  };

  // Columns and rows in one small whole number, by which maps are searched fastest. Cells 32,768 apart share one: what
  // is found in it is looked at by its distance anyway.
  const cellOf = (column, row) => ((column & 0x7fff) << 15) | (row & 0x7fff);

  const gather = (list, zoom, items) => {
    const side = reach(list[0].mark, zoom);
    const cells = new Map();
    const cell = (x, y) => cellOf(Math.floor(x / side), Math.floor(y / side));
    for (const place of list) {
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
            } else {
              left.push(other);
            }
          }
          cells.set(code, left);
        }
      }
      items.push(item(members));
    }
  };

  // Pixels across, of a mark that stands alone.
  const widthOf = ([place], zoom, kinds) => {
    const oneOfMany = this.isLandmark(place) && kinds.get(place.mark) > 1;
    if (oneOfMany) {
      return zoom < DOTS_BELOW ? DOT : 20;
    }
    return place.mark.small ? 15 : 26;
  };

  const ringRadius = (many, small) =>
    small ? 8 + Math.min(4, Math.log10(many) * 2) : 11 + Math.min(7, 1.3 * Math.log2(many));

  const item = (members) => {
    const { small, layer } = members[0].mark;
    const many = members.length;
    const mean = (name) => members.reduce((sum, place) => sum + place[name], 0) / many;
    const home = { x: mean("px"), y: mean("py") };
    const landmark = many === 1 && this.isLandmark(members[0]);
    const radius = ringRadius(many, small);
    return {
      x: home.x,
      y: home.y,
      home,
      members,
      small,
      layer,
      landmark,
      radius,
      chosen: false,
      dot: false,
      side: 0,
    };
  };

  // Cells of 64 pixels: no item is wider.
  const codeOf = (one, across = 0, down = 0) =>
    cellOf(Math.floor(one.x / 64) + across, Math.floor(one.y / 64) + down);
  const put = (cells, one) => {
    const code = codeOf(one);
    const there = cells.get(code);
    there ? there.push(one) : cells.set(code, [one]);
  };
  const AROUND = [-1, 0, 1].flatMap((across) => [-1, 0, 1].map((down) => [across, down]));
  const HALF = [
    [0, 1],
    [1, -1],
    [1, 0],
    [1, 1],
  ];

  // Acts where two items come nearer to each other than both are wide.
  const meet = (one, other, act) => {
    const across = other.x - one.x;
    const down = other.y - one.y;
    const wanted = one.radius + other.radius + AIR;
    if (Math.abs(across) >= wanted || Math.abs(down) >= wanted) {
      return;
    }
    const apart = Math.sqrt(across * across + down * down);
    if (apart < wanted - 0.05) {
      act(one, other, wanted - apart, apart > 0.01 ? across / apart : 0.6, apart > 0.01 ? down / apart : 0.8);
    }
  };

  const meetings = (items, act) => {
    const cells = new Map();
    for (const one of items) {
      put(cells, one);
    }
    for (const here of cells.values()) {
      for (let index = 0; index < here.length; index += 1) {
        for (let next = index + 1; next < here.length; next += 1) {
          meet(here[index], here[next], act);
        }
      }
      // Half of the neighbours; the other half looks at this one.
      for (const [across, down] of HALF) {
        for (const other of cells.get(codeOf(here[0], across, down)) ?? []) {
          for (const one of here) {
            meet(one, other, act);
          }
        }
      }
    }
  };

  // How willingly an item steps aside: a mark stands where its record is, a ring only stands for several.
  const give = (one) => (one.members.length > 1 ? (one.small ? 3 : 1) : 0);

  // Tells whether it could: no ring steps farther aside than STEP.
  const shift = (one, across, down) => {
    const x = one.x + across - one.home.x;
    const y = one.y + down - one.home.y;
    const far = Math.max(1, Math.hypot(x, y) / STEP);
    const before = one.x;
    const above = one.y;
    one.x = one.home.x + x / far;
    one.y = one.home.y + y / far;
    return Math.abs(one.x - before) + Math.abs(one.y - above) > 0.05;
  };

  // Rings step aside until they rest. Only they move, so that marks are looked at from them alone; and a ring that
  // nothing moved near to rests already. With thousands of places on the map both are felt.
  const stepAside = (items) => {
    const still = new Map();
    const rings = [];
    for (const one of items) {
      give(one) ? rings.push(one) : put(still, one);
    }
    for (const [rank, ring] of rings.entries()) {
      ring.rank = rank;
    }
    let stirred = null;
    let next = new Set();
    const part = (one, other, missing, across, down) => {
      const share = (missing * give(one)) / (give(one) + give(other));
      if (shift(one, -across * share, -down * share)) {
        next.add(codeOf(one));
      }
      if (give(other) && shift(other, across * (missing - share), down * (missing - share))) {
        next.add(codeOf(other));
      }
    };
    for (let turn = 0; turn < 50; turn += 1) {
      const cells = new Map();
      for (const ring of rings) {
        put(cells, ring);
      }
      next = new Set();
      for (const ring of rings) {
        const codes = AROUND.map(([across, down]) => codeOf(ring, across, down));
        if (stirred && !codes.some((code) => stirred.has(code) || next.has(code))) {
          continue;
        }
        for (const code of codes) {
          for (const other of still.get(code) ?? []) {
            meet(ring, other, part);
          }
          for (const other of cells.get(code) ?? []) {
            if (other.rank > ring.rank) {
              meet(ring, other, part);
            }
          }
        }
      }
      if (!next.size) {
        break;
      }
      stirred = next;
    }
  };

  // The name of a landmark matters more than where a ring stands exactly: it takes the side with the least in its way,
  // and rings step aside for it as for a row of marks. Their places are found here, the names are written by layNames.
  const holdNames = (items) => {
    const names = [];
    const held = [];
    const clash = (box, { x, y, radius }) =>
      x + radius > box.left && x - radius < box.right && y + radius > box.top && y - radius < box.bottom;
    for (const one of items.filter((item) => item.landmark && !item.chosen).reverse()) {
      const { width, height, sides } = this.landmarkName(one);
      const boxes = sides.map(([across, down]) => {
        const [x, y] = [one.x + across, one.y + down];
        return {
          x,
          y,
          left: x - width / 2,
          right: x + width / 2,
          top: y - height / 2,
          bottom: y + height / 2,
        };
      });
      const cost = (box) => {
        let sum = names.filter((name) => clash(box, name)).length * 50;
        for (const item of items) {
          if (item !== one && Math.abs(item.x - box.x) < width && clash(box, item)) {
            sum += item.members.length === 1 ? 10 : 1 / (1 + Math.hypot(item.x - box.x, item.y - box.y) / 30);
          }
        }
        return sum;
      };
      const costs = boxes.map(cost);
      one.side = costs.indexOf(Math.min(...costs));
      const box = boxes[one.side];
      const count = Math.max(1, Math.round((width / height) * 1.3));
      for (let index = 0; index < count; index += 1) {
        const x = box.left + height / 2 + (index * (width - height)) / Math.max(1, count - 1);
        const disc = { x, y: box.y, home: { x, y: box.y }, radius: height / 2 + 2, members: [] };
        held.push(disc);
        names.push(disc);
      }
    }
    return held;
  };

  // Rings step aside for marks and for one another; what still overlaps is gathered, each layer for itself.
  const settle = (begun) => {
    let items = [...begun, ...holdNames(begun)];
    for (let round = 0; round < 4; round += 1) {
      stepAside(items);
      const joined = new Map();
      const free = (one) => one.members.length && !joined.has(one) && !one.landmark && !one.chosen;
      meetings(items, (one, other, missing) => {
        if (missing > AIR + 2 && one.layer === other.layer && free(one) && free(other)) {
          const both = item([...one.members, ...other.members]);
          joined.set(one, both);
          joined.set(other, null);
        }
      });
      if (!joined.size) {
        break;
      }
      items = items.map((one) => (joined.has(one) ? joined.get(one) : one)).filter((one) => one !== null);
    }
    return items.filter((one) => one.members.length);
  };

  // What has no number is a landmark, by which people find their way from any height.
  this.isLandmark = (place) => !place.number && !place.mark.small;

  // Sorts the shown places into items { x, y, radius, members } in pixels of the world at this zoom. Greedy with a grid
  // of cells: every place looks at the nine cells around it only.
  this.arrange = (zoom) => {
    const world = 256 * 2 ** zoom;
    const items = [];
    const landmarks = [];
    const byLayer = new Map();
    const kinds = new Map();
    for (const place of this.places.values()) {
      place.drawn = false;
      if (!place.drawable || !this.isShown(place) || place.slot === this.selected) {
        continue;
      }
      place.px = place.x * world;
      place.py = place.y * world;
      if (this.isLandmark(place)) {
        kinds.set(place.mark, (kinds.get(place.mark) ?? 0) + 1);
        if (zoom < TRUE_FROM) {
          landmarks.push(item([place]));
          continue;
        }
      }
      const list = byLayer.get(place.mark.layer) ?? [];
      list.push(place);
      byLayer.set(place.mark.layer, list);
    }
    // The first layer of the legend lies on top.
    for (const layer of [...byLayer.keys()].sort((one, other) => other - one)) {
      gather(byLayer.get(layer), zoom, items);
    }
    items.push(...landmarks.reverse());
    const chosen = this.places.get(this.selected);
    if (chosen?.drawable && this.isShown(chosen)) {
      chosen.px = chosen.x * world;
      chosen.py = chosen.y * world;
      items.push({ ...item([chosen]), chosen: true });
    }
    for (const one of items) {
      if (one.members.length === 1) {
        one.width = widthOf(one.members, zoom, kinds);
        one.radius = one.width / 2;
        one.dot = one.width === DOT;
      }
    }
    return zoom < TRUE_FROM ? settle(items) : items;
  };

  // Boxes of what is written already, found by cells of 64 pixels.
  this.boxes = () => {
    const cells = new Map();
    const around = (left, top, right, bottom, act) => {
      for (let x = Math.floor(left / 64); x <= Math.floor(right / 64); x += 1) {
        for (let y = Math.floor(top / 64); y <= Math.floor(bottom / 64); y += 1) {
          act(cellOf(x, y));
        }
      }
    };
    const add = (left, top, right, bottom) => {
      around(left, top, right, bottom, (code) => {
        const there = cells.get(code);
        const box = [left, top, right, bottom];
        there ? there.push(box) : cells.set(code, [box]);
      });
    };
    const meets = (left, top, right, bottom) => {
      let found = false;
      around(left, top, right, bottom, (code) => {
        found ||= (cells.get(code) ?? []).some(
          (box) => left < box[2] && right > box[0] && top < box[3] && bottom > box[1],
        );
      });
      return found;
    };
    return { add, meets };
  };
};
