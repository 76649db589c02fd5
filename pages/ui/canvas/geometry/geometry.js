// The triangle: one instance per element, its data, its frames. Numbers are read in field.js, places found in layout.js,
// drawing is in marks.js, words in words.js, pointer and keyboard in input.js.

const GLIDE_MS = 150;
const BUSY_MS = 250;
const SAME_POINT = 0.35; // A fixed point that moved less than this (total variation) is the same one, elsewhere.

function makeTriangle(root) {
  const find = (selector) => root.querySelector(selector);
  const triangle = /** @type {any} */ ({
    header: null, pending: [], cleared: false, hover: null, cursor: null, receivedAt: 0,
    glide: null, ground: null, grounds: [0, 1].map(() => document.createElement("canvas")),
    timers: { speak: 0, pending: 0 },
    parts: {
      title: find(".title"), save: find(".save"), stage: find(".stage"), canvas: find("canvas"), tip: find(".tip"), states: find(".states"),
      play: find(".play"), playWord: find(".play-word"), scrubber: find(".scrubber"), count: find(".count"), clear: find(".clear"),
      note: find(".note"), said: find(".said"),
    },
  });
  triangle.clock = makeClock("geometry", () => wake(triangle));
  return triangle;
}

/** @param {Geometry.Instance} triangle @param {Geometry.Header} header */
function receive(triangle, header) {
  const before = triangle.header;
  // While a dial is dragged data come many times a second: then the newest picture, without cross-fades.
  const now = performance.now();
  triangle.glide = null;
  if (before && now - triangle.receivedAt > BUSY_MS && !reducedMotion()) {
    triangle.glide = { from: before.fixed_points, ground: triangle.ground, started: null };
  }
  triangle.receivedAt = now;
  triangle.header = header;
  triangle.arrays = header.arrays;
  triangle.field = makeField(header);
  triangle.cleared = false;
  triangle.clock.own = lastOf(header.arrays.path_doublings);
  triangle.pending = triangle.pending.filter((p) => !hasStart(header.arrays.paths, p));
  triangle.hover = null;
  if (triangle.connection) tellClock(triangle.clock, "end");
}

/** @param {Numbers} paths @param {Geometry.Mix} p */
function hasStart(paths, p) {
  const [count, steps] = paths.shape;
  const distance = (path) => p.reduce((sum, share, i) => sum + Math.abs(share - paths[3 * path * steps + i]), 0);
  return Array.from({ length: count }, (_, path) => path).some((path) => path > 0 && distance(path) < 1e-3);
}

/** After "Clear starts" only the source's path, even before the answer comes. @param {Geometry.Instance} instance */
const shownPaths = ({ paths, cleared }) => (cleared ? paths.slice(0, 1) : paths);

/** Work out places once per data, size, theme and font, and paint the ground. @param {Geometry.Instance} triangle */
function prepare(triangle) {
  const { root, header, parts } = triangle;
  const width = Math.floor(root.clientWidth);
  const ratio = pixelRatio(parts.canvas);
  if (triangle.view?.width === width && triangle.ratio === ratio && !triangle.stale) return;
  const room = header.mode === "projector" ? roomFor(root) - (root.offsetHeight - parts.canvas.offsetHeight) : Infinity;
  const view = makeView({ header, palette: triangle.palette, width, room });
  root.dataset.mode = view.name;
  const context = contextOf(parts.canvas);
  Object.assign(triangle, { view, ratio, stale: false });
  triangle.paths = pathsOf(view, triangle.arrays);
  triangle.callouts = placeCallouts(context, view);
  triangle.labels = placeLabels(context, view, shownPaths(triangle), triangle.field);
  // Two grounds take turns: the old one is still needed while the new one fades in.
  const ground = triangle.grounds.reverse()[0];
  ground.width = Math.round(view.width * ratio);
  ground.height = Math.round(view.height * ratio);
  const onGround = contextOf(ground);
  onGround.scale(ratio, ratio);
  drawGround(onGround, view, triangle);
  triangle.ground = ground;
  showWords(triangle);
}

/**
 * Where the glyphs are now: each glides from the nearest old one of its kind, others fade in and out.
 * @param {Geometry.Instance} triangle @returns {Geometry.Glyph[]}
 */
function glyphsAt(triangle, share) {
  const now = triangle.header.fixed_points;
  const { glide } = triangle;
  if (share >= 1 || !glide) return now.map(({ kind, p }) => ({ kind, p, alpha: 1 }));
  const left = [...glide.from];
  const glyphs = now.map(({ kind, p }) => {
    const old = nearestOfKind(left, kind, p);
    if (!old) return { kind, p, alpha: share };
    left.splice(left.indexOf(old), 1);
    return { kind, alpha: 1, p: p.map((value, i) => lerp(old.p[i], value, share)) };
  });
  return [...left.map(({ kind, p }) => ({ kind, p, alpha: 1 - share })), ...glyphs];
}

/** @param {Geometry.FixedPoint[]} points @param {number[]} p */
function nearestOfKind(points, kind, p) {
  const distance = (other) => other.p.reduce((sum, value, i) => sum + Math.abs(value - p[i]) / 2, 0);
  const same = points.filter((other) => other.kind === kind && distance(other) < SAME_POINT);
  return same.sort((a, b) => distance(a) - distance(b))[0];
}

/** @param {Geometry.Instance} triangle @returns {Geometry.Scene} */
function sceneOf(triangle, share = 1) {
  const { header, field, labels, pending, cursor, clock } = triangle;
  return {
    paths: shownPaths(triangle), at: clockAt(clock, clock.own), home: header.fixed_points[header.winner_from_source],
    // Saddles and summits first, stable states on top.
    glyphs: glyphsAt(triangle, share).sort((a, b) => Number(a.kind === "stable") - Number(b.kind === "stable")),
    labels, field, pending, cursor,
  };
}

/** @param {Geometry.Instance} triangle @param {number} now */
function glideShare(triangle, now) {
  const { glide } = triangle;
  if (!glide) return 1;
  glide.started ??= now;
  const time = clamp((now - glide.started) / GLIDE_MS, 0, 1);
  if (time === 1) triangle.glide = null;
  return time === 1 ? 1 : 1 - (1 - time) ** 2;
}

/** @param {Geometry.Instance} triangle */
function draw(triangle, now) {
  if (!triangle.header || triangle.root.clientWidth < 60) return;
  prepare(triangle);
  const { view, parts, ground, glide } = triangle;
  const context = sharpen(parts.canvas, view.width, view.height);
  const share = glideShare(triangle, now);
  context.clearRect(0, 0, view.width, view.height);
  const old = glide?.ground;
  if (share < 1 && old && old.width === ground.width && old.height === ground.height) {
    context.drawImage(old, 0, 0, view.width, view.height);
    context.globalAlpha = share;
  }
  context.drawImage(ground, 0, 0, view.width, view.height);
  context.globalAlpha = 1;
  drawScene(context, view, sceneOf(triangle, share));
  showClock(triangle.clock, parts);
  showTip(triangle);
}

/** Frames go on by themselves only while something glides; the clock asks for its own. @param {Geometry.Instance} triangle */
function frame(triangle, now) {
  draw(triangle, now);
  return triangle.glide !== null;
}

/** @param {Geometry.Instance} triangle */
function refresh(triangle) {
  triangle.stale = true;
  wake(triangle);
}

/** @param {Geometry.Instance} triangle */
function showTriangle(triangle) {
  for (const part of [triangle.parts.title, triangle.parts.note]) explain(part, triangle.header.terms);
  triangle.stale = true;
  draw(triangle, performance.now());
  wake(triangle);
}

/** @param {Geometry.Instance} instance */
const stopTriangle = ({ clock }) => stopFrames(clock);

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { fits: true, make: makeTriangle, receive, connect: listen, show: showTriangle, frame, refresh, stop: stopTriangle });
}
