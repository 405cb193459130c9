// How marks, rings and names are painted on the canvas, and which names find room.
stationdesk.ink = function ink() {
  // Pixels, weight, colour of the style sheet, and air between letters.
  const HANDS = {
    chosen: [12.5, 700, "accent", 0],
    station: [13, 700, "ink", 0],
    village: [13, 700, "ink", 0],
    mark: [12, 500, "ink", 0],
    small: [11, 500, "ink", 0],
    river: [13, 600, "water-name", 5],
    pond: [10.5, 500, "water-name", 1],
    main_road: [12, 600, "road-name", 1],
    lane: [11, 500, "soft", 0.5],
    sight: [12, 500, "accent", 0],
    place: [12, 500, "ink", 0],
    surface: [11, 500, "ground-name", 0.5],
    area: [12, 500, "area-name", 3],
    inner: [11.5, 500, "area-name", 2],
  };
  // From here on a drawn place is shown even where its name finds no room.
  const ALL_SPOTS_FROM = 16;
  let pictures = new Map();
  let widths = new Map();
  const ruler = document.createElement("canvas").getContext("2d");

  this.sharp = () => Math.min(3, window.devicePixelRatio || 1);

  // A mark painted once, then copied: painting its path and letter 5,000 times would be felt.
  const picture = (mark, width) => {
    const code = `${mark.index} ${width}`;
    if (!pictures.has(code)) {
      const size = width + 6;
      const made = document.createElement("canvas");
      made.width = size * this.sharp();
      made.height = size * this.sharp();
      const pen = made.getContext("2d");
      pen.scale(this.sharp(), this.sharp());
      pen.translate(3, 3);
      pen.scale(width / 24, width / 24);
      const path = new Path2D(mark.path);
      pen.lineJoin = "round";
      pen.shadowColor = "rgba(15, 25, 40, .35)";
      pen.shadowBlur = 2.5 * this.sharp();
      pen.shadowOffsetY = 0.8 * this.sharp();
      pen.strokeStyle = this.colour("halo");
      pen.lineWidth = mark.small ? 4.5 : 3;
      pen.stroke(path);
      pen.shadowColor = "transparent";
      pen.fillStyle = mark.hollow ? "#fff" : mark.colour;
      pen.fill(path);
      if (mark.hollow) {
        pen.strokeStyle = mark.colour;
        pen.lineWidth = 2;
        pen.setLineDash([4, 2.5]);
        pen.stroke(path);
      }
      if (!mark.small) {
        pen.fillStyle = mark.hollow ? mark.colour : "#fff";
        pen.font = `700 ${mark.size}px ${this.colour("font")}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(mark.letter, 12, mark.y + 0.6);
      }
      pictures.set(code, { image: made, size });
    }
    return pictures.get(code);
  };

  const disc = (pen, item, radius, name) => {
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, radius, 0, Math.PI * 2);
    pen.fillStyle = this.colour(name);
    pen.fill();
  };

  const paintRing = (pen, item) => {
    const { small, radius } = item;
    const many = item.members.length;
    disc(pen, item, radius, small ? "ring-edge" : "halo");
    if (!small) {
      const counts = new Map();
      for (const place of item.members) {
        counts.set(place.mark, (counts.get(place.mark) ?? 0) + 1);
      }
      pen.lineWidth = 2.5;
      let from = -Math.PI / 2;
      for (const [mark, count] of [...counts].sort((one, other) => one[0].index - other[0].index)) {
        const to = from + (Math.PI * 2 * count) / many;
        pen.beginPath();
        pen.arc(item.at.x, item.at.y, radius - 1.75, from, to);
        pen.strokeStyle = mark.colour;
        pen.stroke();
        from = to;
      }
    }
    // Households stay in the background: no more than that there are some.
    disc(pen, item, radius - (small ? 1 : 3), small ? "ring-small" : "ring");
    pen.fillStyle = this.colour(small ? "soft" : "ink");
    pen.font = `${small ? 500 : 600} ${small ? 10 : 12}px ${this.colour("font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(many > 999 ? `${Math.round(many / 100) / 10}k` : String(many), item.at.x, item.at.y + 0.8);
  };

  this.paintItem = (pen, item) => {
    if (item.members.length > 1) {
      paintRing(pen, item);
    } else if (item.dot) {
      disc(pen, item, item.radius, "halo");
      disc(pen, item, item.radius - 1.25, "dot");
    } else {
      const { image, size } = picture(item.members[0].mark, item.width);
      pen.drawImage(image, item.at.x - size / 2, item.at.y - size / 2, size, size);
    }
    for (const place of item.members) {
      place.drawn = true;
    }
  };

  this.paintHalo = (pen, item, name, width) => {
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, item.radius + 4, 0, Math.PI * 2);
    pen.strokeStyle = this.colour(name);
    pen.lineWidth = width;
    pen.stroke();
  };

  const write = (pen, hand) => {
    const [size, weight, , air] = HANDS[hand];
    pen.font = `${hand === "river" ? "italic " : ""}${weight} ${size}px ${this.colour("font")}`;
    pen.letterSpacing = `${air}px`;
  };

  const widthOf = (hand, words) => {
    const code = `${hand} ${words}`;
    if (!widths.has(code)) {
      write(ruler, hand);
      widths.set(code, ruler.measureText(words).width);
    }
    return widths.get(code);
  };

  // A name sign by sign; all the halos first, so that none lies over its neighbour.
  const paintSigns = (pen, signs, origin) => {
    pen.letterSpacing = "0px";
    for (const act of ["strokeText", "fillText"]) {
      for (const { text, x, y, turn } of signs) {
        pen.save();
        pen.translate(x - origin.x, y - origin.y);
        pen.rotate(turn);
        pen[act](text, 0, 0.5);
        pen.restore();
      }
    }
  };

  // What a name consists of, for a line that bends: each sign with the way it takes up.
  const signsOf = (hand, words) => Array.from(words).map((text) => ({ text, advance: widthOf(hand, text) }));

  // The names of one layout, those in view; `origin` is the world pixel that the canvas calls 0, 0.
  this.paintNames = (pen, names, origin, bounds) => {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.strokeStyle = this.colour("name-halo");
    for (const name of names) {
      const at = L.point(name.x, name.y).subtract(origin);
      if (!bounds.intersects([at.subtract([name.width, name.width]), at.add([name.width, name.width])])) {
        continue;
      }
      const [size, , colour, air] = HANDS[name.hand];
      write(pen, name.hand);
      // Names that a base map brings along lie under ours; a wide halo keeps the two apart.
      pen.lineWidth = !name.signs && document.body.classList.contains("based") ? 7 : 3;
      pen.fillStyle = this.colour(colour);
      if (name.signs) {
        paintSigns(pen, name.signs, origin);
        continue;
      }
      pen.save();
      pen.translate(at.x, at.y);
      pen.rotate(name.turn);
      name.lines.forEach((words, index) => {
        const down = (index - (name.lines.length - 1) / 2) * size * 1.2 + 0.5;
        pen.strokeText(words, air / 2, down);
        pen.fillText(words, air / 2, down);
      });
      pen.restore();
    }
    pen.letterSpacing = "0px";
  };

  // Long names of points stand in two lines.
  const broken = (text) => {
    const letters = Array.from(this.shortened(text, 20));
    const half = Math.ceil(letters.length / 2);
    return letters.length > 9
      ? [letters.slice(0, half).join(""), letters.slice(half).join("")]
      : [letters.join("")];
  };

  // Beside a point: right, left, below, above, then aslant.
  const around = (lines, hand, gap) => {
    const width = Math.max(...lines.map((words) => widthOf(hand, words))) + 4;
    const height = lines.length * HANDS[hand][0] * 1.2 + 1;
    const [across, down] = [width / 2 + gap, height / 2 + gap - 1];
    const sides = [
      [across, 0],
      [-across, 0],
      [0, down],
      [0, -down],
      [across * 0.8, -down],
      [-across * 0.8, -down],
      [across * 0.8, down],
      [-across * 0.8, down],
    ];
    return { width, height, sides };
  };

  const handOf = (item) =>
    item.chosen
      ? "chosen"
      : !item.landmark
        ? item.small
          ? "small"
          : "mark"
        : item.width > 20
          ? "station"
          : "village";

  // How wide the name of a landmark is, and where it may stand.
  this.landmarkName = (item) => around(broken(item.members[0].title), handOf(item), item.radius + 2);

  // Marks and rings have their places; then names, by rank, each where it covers no mark and no other name. Done once
  // for a zoom and the whole map, so that names do not jump about while it is moved.
  this.layNames = (items, zoom) => {
    const taken = this.boxes();
    const laid = [];
    const lay = (slot, lines, hand, x, y, turn = 0, signs = null) => {
      const [size] = HANDS[hand];
      const width = Math.max(...lines.map((words) => widthOf(hand, words))) + 4;
      const height = lines.length * size * 1.2 + 1;
      // A leaning name is a row of squares.
      const count = turn ? Math.ceil(width / height) : 1;
      const half = size * 0.6;
      const square = (sign) => [sign.x - half, sign.y - half, sign.x + half, sign.y + half];
      const boxes =
        signs?.map(square) ??
        Array.from({ length: count }, (_, index) => {
          const along = turn ? ((index + 0.5) / count - 0.5) * (width - height * 0.5) : 0;
          const [cx, cy] = [x + along * Math.cos(turn), y + along * Math.sin(turn)];
          const [across, down] = turn ? [height / 2, height / 2] : [width / 2, height / 2];
          return [cx - across, cy - down, cx + across, cy + down];
        });
      return {
        free: () => !boxes.some((box) => taken.meets(...box)),
        put() {
          for (const box of boxes) {
            taken.add(...box);
          }
          laid.push({ slot, lines, hand, x, y, turn, width, height, signs });
        },
      };
    };

    // `sure` names are written even where something is.
    const beside = (slot, wordings, hand, x, y, gap, { sure = false, side = null } = {}) => {
      let first = null;
      for (const lines of wordings) {
        const { sides } = around(lines, hand, gap);
        const farther = side === null ? [] : around(lines, hand, gap + 7).sides;
        for (const [across, down] of [sides[side ?? 0], ...sides, ...farther]) {
          const one = lay(slot, lines, hand, x + across, y + down);
          first ??= one;
          if (one.free()) {
            one.put();
            return true;
          }
        }
      }
      if (sure) {
        first?.put();
      }
      return sure;
    };

    const nameMark = (item) => {
      const [place] = item.members;
      const { chosen, landmark, small, radius } = item;
      const from = small ? 18 : 15;
      if (zoom < from && !chosen && !landmark) {
        return;
      }
      const number = this.shortened(place.number, 10);
      const full = [number, this.shortened(place.title, 14)].filter(Boolean);
      const short = Array.from(full.join(" ")).length <= 9;
      const whole = landmark ? broken(place.title) : short ? [full.join(" ")] : full;
      const named = zoom >= from + 1 || chosen || landmark;
      const wordings = [named ? whole : [], [number]].filter((lines) => lines[0]);
      const gap = radius + (chosen ? 7 : 2);
      beside(place.slot, wordings, handOf(item), item.x, item.y, gap, { sure: chosen, side: item.side });
    };

    const nameGround = (name) => {
      const text = this.shortened(name.text, 16);
      if (!text) {
        return;
      }
      if (name.at) {
        const { x, y } = name.at;
        // A place whose dot lies under a mark, or whose name found no room, is left out from afar.
        const dot = [x - 4, y - 4, x + 4, y + 4];
        if (!taken.meets(...dot) || zoom >= ALL_SPOTS_FROM) {
          beside(name.slot, [broken(text)], name.hand, x, y, 5) && taken.add(...dot);
        }
        return;
      }
      // The pieces of one road bear one name, not one each.
      const again = ({ x, y }) =>
        laid.some((one) => one.lines[0] === text && Math.hypot(one.x - x, one.y - y) < 280);
      for (const tries of name.tries(
        widthOf(name.hand, text),
        HANDS[name.hand][0],
        signsOf(name.hand, text),
      )) {
        for (const { x, y, turn, signs } of tries) {
          const one = lay(name.slot, [text], name.hand, x, y, turn, signs);
          if (one.free()) {
            if (!(name.line && again({ x, y }))) {
              one.put();
            }
            break;
          }
        }
      }
    };

    for (const { x, y, radius } of items) {
      // A round thing as three boxes, since it leaves the corners of its one box free.
      for (const [wide, high] of [
        [0.95, 0.3],
        [0.7, 0.7],
        [0.3, 0.95],
      ]) {
        taken.add(x - radius * wide, y - radius * high, x + radius * wide, y + radius * high);
      }
    }
    // From the top of the legend down: what lies over the others is named first.
    const lone = items.filter((item) => item.members.length === 1).reverse();
    const ground = this.groundNames(zoom);
    const rank = (wanted) => ground.filter((name) => name.rank === wanted).forEach(nameGround);
    lone.filter((item) => item.chosen).forEach(nameMark);
    lone.filter((item) => item.landmark && !item.chosen).forEach(nameMark);
    rank("line");
    rank("place");
    lone.filter((item) => !item.landmark && !item.chosen).forEach(nameMark);
    rank("lane");
    rank("area");
    this.emit("named", { slots: new Set(laid.map((one) => one.slot)), all: zoom >= ALL_SPOTS_FROM });
    return laid;
  };

  const forget = () => {
    pictures = new Map();
    widths = new Map();
  };
  this.on("loaded", forget);
  this.on("theme", forget);
};
