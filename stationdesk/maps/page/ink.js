// How marks, rings and their names are painted on the canvas.
stationdesk.ink = function ink() {
  const FULL = 26;
  const SMALL = 15;
  let pictures = new Map();
  let widths = new Map();

  this.sharp = () => Math.min(3, window.devicePixelRatio || 1);

  // A mark painted once, then copied: painting its path and letter 5,000 times would be felt.
  const picture = (mark) => {
    if (!pictures.has(mark.index)) {
      const size = (mark.small ? SMALL : FULL) + 6;
      const made = document.createElement("canvas");
      made.width = size * this.sharp();
      made.height = size * this.sharp();
      const pen = made.getContext("2d");
      pen.scale(this.sharp(), this.sharp());
      pen.translate(3, 3);
      pen.scale((size - 6) / 24, (size - 6) / 24);
      const path = new Path2D(mark.path);
      pen.lineJoin = "round";
      pen.shadowColor = "rgba(15, 25, 40, .35)";
      pen.shadowBlur = 2.5 * this.sharp();
      pen.shadowOffsetY = 0.8 * this.sharp();
      pen.strokeStyle = this.colour("halo");
      pen.lineWidth = mark.small ? 4.5 : 3;
      pen.stroke(path);
      pen.shadowColor = "transparent";
      pen.fillStyle = mark.colour;
      pen.fill(path);
      if (!mark.small) {
        pen.fillStyle = "#fff";
        pen.font = `700 ${mark.size}px ${this.colour("font")}`;
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
    pen.fillStyle = this.colour("halo");
    pen.fill();
    pen.lineWidth = small ? 1.5 : 4.5;
    let from = -Math.PI / 2;
    for (const [mark, count] of [...counts].sort((one, other) => one[0].index - other[0].index)) {
      const to = from + (full * count) / many;
      pen.beginPath();
      pen.arc(item.at.x, item.at.y, radius - pen.lineWidth / 2, from, to);
      // Households stay in the background: no more than that there are some.
      pen.strokeStyle = small ? this.colour("soft") : mark.colour;
      pen.stroke();
      from = to;
    }
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, radius - pen.lineWidth, 0, full);
    pen.fillStyle = this.colour(small ? "ring-small" : "ring");
    pen.fill();
    pen.fillStyle = this.colour("ink");
    pen.font = `600 ${small ? 10 : 12.5}px ${this.colour("font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(many > 999 ? `${Math.round(many / 100) / 10}k` : String(many), item.at.x, item.at.y + 0.8);
  };

  this.paintItem = (pen, item) => {
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
    const code = `${pen.font} ${words}`;
    if (!widths.has(code)) {
      widths.set(code, pen.measureText(words).width);
    }
    return widths.get(code);
  };

  // Numbers, and names from nearer on, beside the marks, where nothing else stands.
  this.paintNames = (pen, items, zoom) => {
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
    // From the top down: what lies over the others is named first.
    for (const item of lone.reverse()) {
      const [place] = item.members;
      const chosen = place.slot === this.selected;
      const from = place.mark.small ? 18 : 15;
      // What has no number is a landmark, by which people find their way from any height.
      const landmark = !place.number;
      if (zoom < from && !chosen && !landmark) {
        continue;
      }
      const number = this.shortened(place.number, 10);
      const named = zoom >= from + 1 || chosen || landmark;
      const words = named
        ? this.shortened([place.number, place.title].filter(Boolean).join(" "), 18)
        : number;
      pen.font = `${chosen || landmark ? 700 : 500} ${place.mark.small ? 11 : 12}px ${this.colour("font")}`;
      const gap = item.radius + (chosen ? 10 : 4);
      const spots = [
        [words, 1],
        [words, -1],
        [number, 1],
        [number, -1],
      ]
        .filter(([text]) => text)
        .map(([text, side]) => {
          const width = widthOf(pen, text);
          return { text, width, x: side > 0 ? item.at.x + gap : item.at.x - gap - width };
        });
      const free = spots.find(({ x, width }) => !taken.meets(x, item.at.y - 7, x + width, item.at.y + 7));
      const spot = free ?? (chosen || landmark ? spots[0] : null);
      if (spot) {
        taken.add(spot.x, item.at.y - 7, spot.x + spot.width, item.at.y + 7);
        pen.strokeStyle = this.colour("paper");
        pen.lineWidth = 3.5;
        pen.strokeText(spot.text, spot.x, item.at.y);
        pen.fillStyle = this.colour(chosen ? "accent" : "ink");
        pen.fillText(spot.text, spot.x, item.at.y);
      }
    }
  };

  this.paintHalo = (pen, item, name, width) => {
    pen.beginPath();
    pen.arc(item.at.x, item.at.y, item.radius + 5, 0, Math.PI * 2);
    pen.strokeStyle = this.colour(name);
    pen.lineWidth = width;
    pen.stroke();
  };

  const forget = () => {
    pictures = new Map();
    widths = new Map();
  };
  this.on("loaded", forget);
  this.on("theme", forget);

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
