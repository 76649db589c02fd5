// Sizes and places: the big well on its axis, and five small ones.

const WELL_ROOM = {
  desk: { height: 262, foot: 46, small: 150 },
  projector: { height: 380, foot: 70, small: 200 },
  phone: { height: 210, foot: 44, small: 120 },
};
const NARROW = 400; // px: a third column on a desk is no phone
const BALL = 12;
const FLOOR = 26; // px between the deepest point and the axis: room for the words beside the source
const EDGE = 7; // px at both ends, so that the outermost tick labels and glyphs are whole

/** @param {Well.Header} header */
const stableOf = (header) => header.fixed_points.filter(({ kind }) => kind === "stable");
/** 0 or 1: the outcome that the source favours; null at a tie. @param {Well.Header} header */
const favouriteOf = ({ source }) => (Math.abs(source - 0.5) < 1e-9 ? null : source > 0.5 ? 0 : 1);
const sideOf = (x) => (x > 0.5 ? 0 : 1);

/** [lowest V, span of V shown]: all resting points with room above the barrier. @param {Well.Instance} instance */
function spanOf({ header, arrays }) {
  const sorted = Float32Array.from(arrays.potential).sort();
  const low = sorted[0];
  const barrier = Math.max(low, ...header.fixed_points.map(({ V }) => V));
  // Without a barrier: most of the bowl, and wherever the ball starts.
  const bowl = sorted[Math.floor(0.7 * (sorted.length - 1))] - low;
  const start = curveAt(arrays.potential, header.start) - low;
  const span = Math.max(2.1 * (barrier - low), stableOf(header).length > 1 ? 0 : 1.3 * bowl, 1.25 * start);
  return [low, span > 1e-6 ? span : 1];
}

/** A curve given over even steps of the share of A, read at a share. @param {Float32Array} values @returns {number} */
function curveAt(values, x) {
  const place = clamp(x, 0, 1) * (values.length - 1);
  const before = Math.min(values.length - 2, Math.floor(place));
  return readCurve(values, [before, place - before]);
}

/** The heights of both rows of pictures, in the height that both may have with what stands under them. */
function roomOfWells(measures, given, under) {
  const share = Math.min(1, (given - measures.foot - under) / (measures.height + measures.small));
  return { ...measures, height: Math.max(120, Math.floor(share * measures.height)), small: Math.max(70, Math.floor(share * measures.small)) };
}

/**
 * Everything a drawing function needs: sizes, and the curve that is shown now.
 * @param {Pick<Well.View, "header" | "palette" | "width" | "curve"> & { span: Ends, room?: number }} options @returns {Well.View}
 */
function makeWellView({ header, palette, width, curve, span, room: given = Infinity }) {
  const scale = scaleFor(header.mode, width, NARROW);
  const room = roomOfWells(WELL_ROOM[scale.name], given, 46 * scale.unit);
  const axis = room.height;
  const floor = axis - FLOOR * scale.unit;
  const view = /** @type {Well.View} */ ({
    header, palette, width, curve, ...scale, axis, top: 4, height: room.height + room.foot,
    labels: header.labels.map(shortLabel), ball: BALL * Math.sqrt(scale.unit) * Math.sqrt(scale.line),
    x: (share) => EDGE + share * (width - 2 * EDGE),
    share: (x) => (x - EDGE) / (width - 2 * EDGE),
    y: (value) => floor - ((value - span[0]) / span[1]) * (floor - 4),
    small: { height: room.small, foot: 46 * scale.unit },
  });
  view.on = (share) => [view.x(share), view.y(curveAt(curve, share))];
  return view;
}

/** The ball rests on the curve, not in it: its centre lies a radius off, square to the slope. @param {Well.View} view */
function ballPlace(view, share, radius) {
  const e = 0.006;
  const [from, to] = [clamp(share - e, 0, 1), clamp(share + e, 0, 1)];
  const [a, b] = [view.on(from), view.on(to)];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = view.on(share);
  const centre = [x + (dy / length) * radius, y - (dx / length) * radius];
  // On a steep wall far above the picture the ball waits at its upper rim.
  return [clamp(centre[0], radius, view.width - radius), Math.max(centre[1], view.top + radius)];
}
