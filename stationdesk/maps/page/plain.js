// How tiles of shapes are painted: quiet, in the colours of the page, with the names in Chinese where there are any. The
// layers of the usual schemes are known by name (OpenMapTiles, Shortbread, Protomaps, and our own files); whatever else
// a file holds is drawn as the points, lines and areas it consists of. Boundaries are left out: lines of counties and
// above are not ours to draw.
stationdesk.plain = function plain() {
  const NAMES = ["name:zh-Hans", "name:zh", "name", "NAME", "名称", "name:nonlatin", "name:latin"];
  const set = (words) => new Set(words.split(" "));
  const MAIN = set(
    "motorway trunk primary secondary highway major_road motorway_link trunk_link primary_link",
  );
  const PATHS = set("path footway track pedestrian steps cycleway bridleway corridor");
  const RAILS = set("rail railway transit tram subway light_rail narrow_gauge");
  const UNSEEN = set("ferry aerialway pier runway taxiway");
  const GREEN = set(
    "park wood forest grass grassland garden meadow scrub orchard farmland farm cemetery nature_reserve national_park " +
      "village_green recreation_ground golf_course allotments wetland vineyard heath greenhouse_horticulture pitch",
  );
  const BUILT = set(
    "school hospital university college kindergarten industrial commercial retail railway construction",
  );
  const SURFACES = ["landcover", "landuse", "land", "park", "sites"];
  const WATERS = ["water", "ocean", "water_polygons"];
  const STREAMS = ["waterway", "water_lines"];
  const BUILDINGS = ["building", "buildings"];
  const ROADS = ["transportation", "roads", "streets", "road", "street_polygons"];
  const ROAD_NAMES = ["transportation_name", "roads", "streets", "street_labels", "road"];
  const WATER_NAMES = ["water_name", "waterway", "water", "water_lines_labels", "water_polygons_labels"];
  const PLACES = ["place", "places", "place_labels"];
  const SPOTS = ["poi", "pois"];
  const UNDRAWN = [
    "boundary",
    "boundaries",
    "boundary_labels",
    "earth",
    "mountain_peak",
    "housenumber",
    "addresses",
    "aeroway",
    "aerodrome_label",
    "bridges",
    "ferries",
    "dam_lines",
    "dam_polygons",
    "pier_lines",
    "pier_polygons",
    "public_transport",
    "streets_polygons_labels",
  ];
  const KNOWN = new Set(
    [SURFACES, WATERS, STREAMS, BUILDINGS, ROADS, ROAD_NAMES, WATER_NAMES, PLACES, SPOTS, UNDRAWN].flat(),
  );

  const kindsOf = (props) => [props.class, props.kind, props.subclass, props.kind_detail].filter(Boolean);
  const isOf = (kinds) => (_zoom, feature) => kindsOf(feature.props).some((kind) => kinds.has(kind));
  const road = (_zoom, feature) => {
    const kinds = kindsOf(feature.props);
    const has = (wanted) => kinds.some((kind) => wanted.has(kind));
    return has(UNSEEN) ? "" : has(RAILS) ? "rail" : has(PATHS) ? "path" : has(MAIN) ? "main" : "minor";
  };
  const isRoad = (wanted) => (zoom, feature) => feature.geomType === 2 && road(zoom, feature) === wanted;
  const POINT = 1;
  const LINE = 2;
  const AREA = 3;
  // A point that only bears the name of an area; see NAME_OF in maps/basemaps/shapes.py.
  const isDot = (_zoom, feature) => feature.geomType === POINT && !feature.props.name_of;
  const isName = (_zoom, feature) => feature.geomType === POINT && Boolean(feature.props.name_of);
  const isType = (wanted) => (_zoom, feature) => feature.geomType === wanted;

  this.plainStyle = () => {
    const colour = (name) => this.colour(name);
    const P = protomapsL;
    const font = (size, weight = 500) => `${weight} ${size}px ${colour("font")}`;
    const fill = (name, opacity = 1) => new P.PolygonSymbolizer({ fill: colour(name), opacity });
    const wide = (...steps) => P.exp(1.6, steps);
    const stroke = (name, width, more = {}) =>
      new P.LineSymbolizer({ color: colour(name), width, lineCap: "round", lineJoin: "round", ...more });
    const words = (name, size, weight) => ({
      labelProps: NAMES,
      font: font(size, weight),
      fill: colour(name),
      stroke: colour("name-halo"),
      width: 3,
      lineHeight: 1.3,
    });
    const each = (layers, rule) => layers.map((dataLayer) => ({ dataLayer, ...rule }));
    const main = wide([8, 0.6], [12, 2.2], [15, 6], [19, 22]);
    const minor = wide([11, 0.3], [14, 1.4], [16, 4.5], [19, 15]);
    const around = (width) => (zoom) => width(zoom) + (zoom < 13 ? 0.8 : 2);

    const paint = [
      ...each(SURFACES, { symbolizer: fill("tint-0"), filter: isOf(GREEN) }),
      ...each(SURFACES, { symbolizer: fill("tint-1"), filter: isOf(BUILT) }),
      ...each(WATERS, { symbolizer: fill("water"), filter: isType(AREA) }),
      ...each([...STREAMS, "water"], {
        symbolizer: stroke("water", wide([9, 0.5], [14, 2.5], [18, 9])),
        filter: isType(LINE),
      }),
      ...each(BUILDINGS, { symbolizer: fill("building"), minzoom: 14, filter: isType(AREA) }),
      ...each(ROADS, {
        symbolizer: stroke("soft", 1, { dash: [5, 4] }),
        minzoom: 11,
        filter: isRoad("rail"),
      }),
      ...each(ROADS, {
        symbolizer: stroke("casing", wide([13, 0.6], [18, 2]), { dash: [4, 3] }),
        minzoom: 14,
        filter: isRoad("path"),
      }),
      ...each(ROADS, { symbolizer: stroke("casing", around(minor)), minzoom: 12, filter: isRoad("minor") }),
      ...each(ROADS, { symbolizer: stroke("main-casing", around(main)), filter: isRoad("main") }),
      ...each(ROADS, { symbolizer: stroke("road", minor), minzoom: 11, filter: isRoad("minor") }),
      ...each(ROADS, { symbolizer: stroke("main-road", main), filter: isRoad("main") }),
    ];
    const along = (name, size) =>
      new P.LineLabelSymbolizer({ ...words(name, size), repeatDistance: 300, maxLabelCodeUnits: 20 });
    const labels = [
      ...each(PLACES, {
        symbolizer: new P.CenteredTextSymbolizer(words("ink", 14, 600)),
        filter: isType(POINT),
      }),
      ...each(ROAD_NAMES, { symbolizer: along("road-name", 12.5), minzoom: 13, filter: isType(LINE) }),
      ...each(WATER_NAMES, { symbolizer: along("water-name", 12.5), minzoom: 12, filter: isType(LINE) }),
      ...each(WATER_NAMES, {
        symbolizer: new P.CenteredTextSymbolizer(words("water-name", 12.5)),
        minzoom: 12,
        filter: (_zoom, feature) => feature.geomType !== LINE,
      }),
      ...each(SPOTS, {
        symbolizer: new P.GroupSymbolizer([
          new P.CircleSymbolizer({ radius: 2.5, fill: colour("soft"), stroke: colour("halo"), width: 1 }),
          new P.OffsetTextSymbolizer({ ...words("soft", 12), offsetX: 5, offsetY: 4 }),
        ]),
        minzoom: 15,
        filter: isDot,
      }),
      ...each([...BUILDINGS, ...SURFACES], {
        symbolizer: new P.CenteredTextSymbolizer(words("soft", 12)),
        minzoom: 15,
        filter: (zoom, feature) => feature.geomType === AREA || isName(zoom, feature),
      }),
    ];

    const seen = new Set(KNOWN);
    const adopt = (names) => {
      for (const dataLayer of names) {
        if (seen.has(dataLayer)) {
          continue;
        }
        seen.add(dataLayer);
        const dot = new P.CircleSymbolizer({
          radius: 4,
          fill: colour("accent"),
          stroke: colour("halo"),
          width: 1.5,
        });
        paint.push(
          { dataLayer, symbolizer: fill("accent", 0.1), filter: isType(AREA) },
          { dataLayer, symbolizer: stroke("accent", 1.2), filter: isType(AREA) },
          { dataLayer, symbolizer: stroke("accent", 2.2), filter: isType(LINE) },
          { dataLayer, symbolizer: dot, filter: isDot },
        );
        const beside = new P.OffsetTextSymbolizer({ ...words("accent", 13), offsetX: 7, offsetY: 5 });
        labels.push(
          { dataLayer, symbolizer: beside, filter: isDot },
          { dataLayer, symbolizer: new P.CenteredTextSymbolizer(words("accent", 13, 600)), filter: isName },
          { dataLayer, symbolizer: along("accent", 12.5), filter: isType(LINE) },
          {
            dataLayer,
            symbolizer: new P.CenteredTextSymbolizer(words("accent", 13)),
            filter: isType(AREA),
          },
        );
      }
    };
    return { paint, labels, adopt };
  };
};
