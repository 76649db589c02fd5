// Sizes and places: the triangle on its canvas, callouts outside it, two labels inside it.

const TALL = Math.sqrt(3) / 2;
// The triangle's longest side, the least room beside it, and above and below it, in CSS pixels.
const ROOM = {
  desk: { side: 560, beside: 36, top: 30, bottom: 34 },
  projector: { side: 720, beside: 56, top: 44, bottom: 50 },
  phone: { side: 520, beside: 6, top: 26, bottom: 30 },
};
const LINE = 18; // desk pixels from line to line in a callout
const GAP = 16;

/**
 * Everything a drawing function needs to know about size, place and colour.
 * @param {Pick<Geometry.View, "header" | "palette" | "width"> & { room?: number }} options @returns {Geometry.View}
 */
function makeView({ header, palette, width, room: height = Infinity }) {
  const scale = scaleFor(header.mode, width);
  const room = ROOM[scale.name];
  const highest = Number.isFinite(height) ? (height - room.top - room.bottom) / TALL : room.side;
  const side = Math.max(120, Math.min(highest, width - 2 * room.beside));
  const left = (width - side) / 2;
  const bottom = room.top + side * TALL;
  return {
    header, palette, width, height: Math.ceil(bottom + room.bottom), side, left, top: room.top, bottom, ...scale,
    place: ([, b, c]) => [left + side * (b + c / 2), bottom - side * TALL * c],
    mix: (x, y) => {
      const c = (bottom - y) / (side * TALL);
      const b = (x - left) / side - c / 2;
      return [1 - b - c, b, c];
    },
    labels: header.labels.map(shortLabel),
  };
}

/**
 * A mix inside the triangle, a hair off its edges: an outcome that is absent never comes back.
 * @param {number[]} p
 * @returns {Geometry.Mix}
 */
function insideMix(p) {
  const kept = p.map((share) => Math.max(share, 0.002));
  const sum = kept.reduce((total, share) => total + share, 0);
  return kept.map((share) => share / sum);
}

/** Whether a pixel lies in the triangle, or at most `slack` pixels outside. @param {Geometry.View} view */
function isInside(view, x, y, slack = 0) {
  return view.mix(x, y).every((share) => share >= -slack / (view.side * TALL));
}

/** @param {number[]} p */
const leaderOf = (p) => p.indexOf(Math.max(...p));

/**
 * A stable state in two phrases: who wins, and from how many starts.
 * @param {Geometry.View} view @param {Geometry.FixedPoint} point
 */
function stateWords(view, point, isOnly) {
  const name = view.labels[point.winner ?? leaderOf(point.p)];
  const ends = point.class === "collapse" ? `${name} leads` : point.class;
  const title = `stable: ${point.winner === null ? ends : `${name} wins`}`;
  const holds = `${name} holds ${perCent(point.p[point.winner ?? leaderOf(point.p)])}`;
  return { title, holds, starts: isOnly ? "every start ends here" : `${perCent(point.share)} of all starts` };
}

/**
 * What the callouts say: each stable state, and the saddle furthest to the right for all saddles.
 * @param {Geometry.View} view
 * @returns {Geometry.Callout[]}
 */
function calloutsOf(view) {
  const points = view.header.fixed_points;
  const stable = points.filter(({ kind }) => kind === "stable");
  /** @type {Geometry.Callout[]} */
  const callouts = stable.map((point) => {
    const { title, holds, starts } = stateWords(view, point, stable.length === 1);
    return { point, variants: [[title, `${holds};`, starts], [title, `${holds}; ${starts}`]] };
  });
  const saddles = points.filter(({ kind }) => kind === "saddle").sort((a, b) => view.place(b.p)[0] - view.place(a.p)[0]);
  callouts.sort((a, b) => view.place(b.point.p)[1] - view.place(a.point.p)[1]);
  // Above T = 1 a saddle lies on an edge: an outcome is absent there and stays so.
  const meaning = stable.length > 1 ? ["the pass between", "two valleys"] : ["an absent outcome", "stays absent"];
  if (saddles.length) callouts.push({ point: saddles[0], variants: [["saddle", ...meaning]], isExtra: true });
  return callouts;
}

/** Where the slanted side is at height y; beyond the triangle's ends it goes straight down or up. @param {Geometry.View} view */
function edgeAt(view, y, isLeft) {
  const inward = clamp((view.bottom - y) / TALL / 2, 0, view.side / 2);
  return isLeft ? view.left + inward : view.left + view.side - inward;
}

/**
 * The free place nearest to the point's height, outside the slanted side; it grows upwards.
 * @param {Context} context @param {Geometry.View} view @param {Geometry.Callout} callout @param {Box[]} taken
 * @returns {Geometry.PlacedCallout | null}
 */
function placeCallout(context, view, callout, taken) {
  const [px, py] = view.place(callout.point.p);
  const isLeft = px < view.left + view.side * 0.4;
  const line = LINE * view.unit;
  const sized = callout.variants.map((lines) => ({
    lines, width: Math.max(...lines.map((text, i) => widthOf(context, view, text, i ? 400 : 600))),
  }));
  const highest = Math.max(2, py - 56 * view.unit);
  const heights = Array.from({ length: Math.floor((highest - 2) / 6) + 1 }, (_, step) => highest - 6 * step);
  const places = heights.flatMap((top, step) => sized.map(({ lines, width }, variant) => {
    const foot = top + lines.length * line;
    const x = edgeAt(view, foot, isLeft) + (isLeft ? -GAP : GAP) * view.unit;
    const box = { left: isLeft ? x - width : x, right: isLeft ? x : x + width, top, bottom: foot };
    return { ...callout, lines, isLeft, box, cost: 2 * step + variant };
  }));
  const within = { left: 2, right: view.width - 2, top: 0, bottom: view.bottom };
  return placeLabel(places, { within, taken, gap: 6 * view.unit, must: true });
}

/**
 * All callouts with their places, or null where the states do not fit, or on a phone: then they are listed below.
 * @param {Context} context @param {Geometry.View} view
 */
function placeCallouts(context, view) {
  if (view.name === "phone") return null;
  const [x, y] = view.place([0, 0, 1]);
  const half = widthOf(context, view, `all ${view.labels[2]}`, 600) / 2;
  const taken = [{ left: x - half, right: x + half, top: 0, bottom: y }];
  const placed = [];
  for (const callout of calloutsOf(view)) {
    const found = placeCallout(context, view, callout, taken);
    if (!found && !callout.isExtra) return null;
    if (found) {
      placed.push(found);
      taken.push(found.box);
    }
  }
  return placed;
}

/** Directions in which a label may stand beside its glyph: [x, y, alignment]. @type {[number, number, CanvasTextAlign][]} */
const BESIDE = [
  [13, 21, "left"], [-13, -3, "right"], [13, 5, "left"], [-13, 5, "right"],
  [13, -10, "left"], [-13, 21, "right"], [0, 30, "center"], [0, -18, "center"],
];

/**
 * The two labels inside the triangle, each where it hides least.
 * @param {Context} context @param {Geometry.View} view @param {Geometry.Path[]} paths @param {Geometry.Field} field
 */
function placeLabels(context, view, paths, field) {
  const wanted = [];
  const summits = view.header.fixed_points.filter(({ kind, p }) => kind === "unstable" && Math.min(...p) > 0.02);
  wanted.push({ p: view.header.source, text: "the source" });
  if (summits.length === 1) wanted.push({ p: summits[0].p, text: view.side < 420 ? "summit" : "unstable: the summit" });
  const marks = [
    ...paths.flatMap((path) => path.points), ...field.borders.flatMap((line) => line.filter((_, i) => i % 3 === 0).map(view.place)),
  ];
  const glyphs = [view.header.source, ...view.header.fixed_points.map(({ p }) => p)].map(view.place);
  const placed = [];
  for (const { p, text } of wanted) placed.push(bestLabel(context, view, p, text, { marks, glyphs, placed }));
  return placed;
}

/** @param {Context} context @param {Geometry.View} view @param {Geometry.Mix} p @returns {Geometry.Label} */
function bestLabel(context, view, p, text, { marks, glyphs, placed }) {
  const [px, py] = view.place(p);
  const width = widthOf(context, view, text, 600);
  const labels = BESIDE.map(([dx, dy, align], order) => {
    const [x, y] = [px + dx * view.unit, py + dy * view.unit];
    const left = x - (align === "right" ? width : align === "center" ? width / 2 : 0);
    const box = { left, right: left + width, top: y - 12 * view.unit, bottom: y + 4 * view.unit };
    return { text, x, y, align, box, cost: order * 0.5 };
  });
  const isOut = ({ left, right, top, bottom }) => ![[left, top], [right, top], [left, bottom], [right, bottom]].every(([a, b]) => isInside(view, a, b));
  const weigh = (box) => pointsIn(marks, box, 3) + 30 * pointsIn(glyphs, box, 7 * view.line) + (isOut(box) ? 200 : 0);
  return placeLabel(labels, { taken: placed.map(({ box }) => box), gap: 4, weigh }) ?? labels[0];
}
