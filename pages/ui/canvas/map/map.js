// The component: its data and its drawing; what the visitor does with it is in input.js.

/** @param {PhaseMap.Place} a @param {PhaseMap.Place} b */
const samePoint = (a, b) =>
  Math.abs(Math.log(a.temperature / b.temperature)) < 1e-6 && Math.abs(a.external_fraction - b.external_fraction) < 1e-6;

function makeMap(root) {
  const part = (name) => root.querySelector(`.cl-map-${name}`);
  return {
    part, stage: part("stage"), play: part("play"), canvas: root.querySelector("canvas"), header: null, field: null, curves: {},
    point: null, moved: null, generation: 0, hover: null, panelHover: null, press: null, drag: null, playing: null, hidden: new Set(),
    base: null, baseKey: "", version: 0, timers: { send: 0, quiet: 0, trust: 0 }, lastSent: 0,
  };
}

/**
 * New data: the arrays always count, the point only where the visitor is not ahead of the server.
 * @param {PhaseMap.Instance} instance @param {PhaseMap.Header} header
 */
function adopt(instance, header) {
  const isSame = sameMap(instance.header, header);
  const isSameField = isSame || sameField(instance.header, header);
  const { shown } = header;
  if (!instance.header && shown) instance.hidden = new Set(GROUP_ORDER.filter((group) => !shown.includes(group)));
  instance.header = header;
  if (!isSameField) instance.field = makeField(header);
  if (!isSame) instance.curves = curvesOf(header);
  updateChips(instance);
  const arrived = pointAt(header, instance.generation);
  if (instance.moved && samePoint(arrived, instance.moved)) forgetMove(instance);
  if (!instance.drag && !instance.moved) instance.point = arrived;
  if (!isSame) refresh(instance);
}

/**
 * Whether only the point has changed: while a dial is dragged that is so many times a second, and the picture stays.
 * @param {PhaseMap.Header | null} before @param {PhaseMap.Header} after
 */
function sameMap(before, after) {
  if (!before) return false;
  const still = (/** @type {PhaseMap.Header} */ { arrays, point, kept, alt, ...rest }) => JSON.stringify([rest, Object.keys(arrays)]);
  return still(before) === still(after) && Object.keys(after.arrays).every((name) => sameNumbers(before, after, name));
}

/** @param {PhaseMap.Header} before @param {PhaseMap.Header} after @param {string} name */
function sameNumbers(before, after, name) {
  const [a, b] = [before.arrays[name], after.arrays[name]];
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/**
 * Whether the map's own numbers are the same although a cut or a line is new: then its image stays.
 * @param {PhaseMap.Header | null} before @param {PhaseMap.Header} after
 */
function sameField(before, after) {
  if (!before) return false;
  const names = ["temperatures", "external_fractions", "shift", "distance", "effective", "contour_temperatures", "contour", "n_stable"];
  const hatched = ({ lines }) => (lines || []).filter((line) => line.bounds_hatch).map((line) => line.array);
  if (String(hatched(before)) !== String(hatched(after))) return false;
  return [...names, ...hatched(after)].every((name) => sameNumbers(before, after, name));
}

/**
 * Where the settings of a generation lie: interventions move the point while a run plays.
 * @param {PhaseMap.Header} header @returns {PhaseMap.Place}
 */
function pointAt({ point, segments }, generation) {
  const segment = segments?.findLast(({ start }) => start <= generation) ?? point;
  return { temperature: segment.temperature, external_fraction: segment.external_fraction };
}

/** @param {PhaseMap.Instance} instance */
function followPlayhead(instance, generation) {
  instance.generation = generation;
  if (!instance.header?.segments || instance.drag || instance.moved) return;
  const point = pointAt(instance.header, generation);
  if (samePoint(point, instance.point)) return;
  instance.point = point;
  wake(instance);
}

/** @param {PhaseMap.Instance} instance */
function forgetMove(instance) {
  instance.moved = null;
  clearTimeout(instance.timers.trust);
}

/** @param {PhaseMap.Instance} instance */
function refresh(instance) {
  instance.version += 1;
  wake(instance);
}

/** The server's numbers for its own point, the grid's for any other. @param {PhaseMap.Instance} instance */
function readPoint(instance) {
  const { header, field, point } = instance;
  if (samePoint(point, header.point) && header.point.distance !== undefined) {
    const own = { ...header.point, class: header.point.class || classAt(field, Math.log(point.temperature), point.external_fraction) };
    const clean = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null && value !== undefined));
    return { ...readAt(field, point.temperature, point.external_fraction), ...clean };
  }
  return readAt(field, point.temperature, point.external_fraction);
}

/** @param {PhaseMap.Instance} instance */
function draw(instance) {
  const { root, header, canvas, palette } = instance;
  const width = Math.floor(root.clientWidth);
  if (!header || width < 120) return;
  advanceSweep(instance);
  const chips = placeChips(instance, width);
  const view = makeView({ ...instance, palette, width, chips, room: roomOfMap(instance) });
  instance.view = view;
  drawFrame(instance, view);
  placePlay(instance, view);
  const context = sharpen(canvas, view.width, view.height);
  const base = preparedBase(instance, view, canvas.width / view.width);
  context.clearRect(0, 0, view.width, view.height);
  context.drawImage(base, 0, 0, view.width, view.height);
  const reading = readPoint(instance);
  drawOverlay(context, view, instance, reading);
  describe(instance, view, reading);
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Instance} instance
 * @param {PhaseMap.Reading} reading
 */
function drawOverlay(context, view, instance, reading) {
  if (view.kind === "page") drawPageOverlay(context, view, { ...instance, reading, hovered: instance.hover });
  else drawSmallOverlay(context, { ...view, kept: instance.header.kept }, reading);
}

/** The height the canvas may have: all that is left on a projector's screen. @param {PhaseMap.Instance} instance */
function roomOfMap({ root, header, canvas }) {
  if (header.mode !== "projector") return Infinity;
  return roomFor(root) - (root.offsetHeight - canvas.offsetHeight);
}

/**
 * Field, lines and axes as one image, painted again only for new data, theme or size.
 * @param {PhaseMap.Instance} instance @param {PhaseMap.View} view
 */
function preparedBase(instance, view, ratio) {
  const key = [instance.version, view.palette.dark, view.palette.font, view.width, view.height, view.mode, ratio].join();
  if (instance.base && instance.baseKey === key) return instance.base;
  const base = instance.base || document.createElement("canvas");
  // Setting a size also wipes it, and resets its state.
  base.width = Math.round(view.width * ratio);
  base.height = Math.round(view.height * ratio);
  const context = contextOf(base);
  context.scale(ratio, ratio);
  instance.words = drawBase(context, view, ratio);
  instance.base = base;
  instance.baseKey = key;
  return base;
}

/** @param {Context} context @param {PhaseMap.View} view @returns {Box[]} */
function drawBase(context, view, ratio) {
  if (view.kind === "page") return drawPageBase(context, view, fieldPicture(view, ratio));
  drawSmallBase(context, view);
  return [];
}

/** The field's image is the slowest part: kept while only lines, panels or switches change. @param {PhaseMap.View} view */
function fieldPicture({ field, palette, header, plot }, ratio) {
  const key = [palette.dark, header.temperature_range, plot.width, plot.height, ratio].join();
  if (field.picture?.key !== key) {
    field.picture = { key, image: paintField(field, palette.dark, header.temperature_range, plot.width, plot.height, ratio) };
  }
  return field.picture.image;
}

/**
 * The parts around the canvas: shown or not, and in which size.
 * @param {PhaseMap.Instance} instance @param {PhaseMap.View} view
 */
function drawFrame({ root, part, header, hover, drag, field }, view) {
  const isSmall = view.kind === "small";
  for (const mode of ["desk", "phone", "projector"]) root.classList.toggle(mode, view.mode === mode);
  part("head").hidden = !isSmall;
  part("title").hidden = header.heading === false;
  part("note").hidden = !isSmall || header.note === false || view.mode === "projector";
  part("foot").hidden = isSmall || view.mode === "projector";
  part("hint").hidden = view.mode === "phone";
  for (const name of ["hint", "caption"]) explain(part(name), header.terms?.map);
  part("hint").textContent = `Click the map to move; ${header.cut ? "drag along the cut; " : ""}arrow keys nudge`;
  part("note").textContent =
    `Above the green line a loop that starts at its source settles within ${percentFine(header.tolerance)}${NBSP}% of it. ` +
    (header.elsewhere ? "This run starts elsewhere (hollow dot): the map does not say where it ends." : "Drag the dot, or turn the dials: their tracks are slices of this map.");
  const shown = drag ? readAt(field, drag.point.temperature, drag.point.external_fraction) : hover;
  part("caption").textContent = shown
    ? `T ${temperatureText(shown.temperature)}, ${percentFine(shown.external_fraction)} %: ${shown.class}, acts like ${shown.effective.toFixed(1)}`
    : view.mode === "projector" ? "external data, %" : "External data, % of new data";
}

/** @param {PhaseMap.Instance} instance @param {PhaseMap.View} view @param {PhaseMap.Reading} reading */
function describe(instance, view, reading) {
  const words = readoutText(view, reading);
  instance.readout = words;
  const alt = instance.header.alt ? `${instance.header.alt} ` : "";
  const { kept } = instance.header;
  const beside = kept ? ` Run A: T ${temperatureText(kept.temperature)}, ${percentFine(kept.external_fraction)} per cent external data.` : "";
  instance.stage.setAttribute("aria-label", `${alt}You are here. ${words}${beside} Arrow keys move the point, Shift for larger steps.`);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { fits: true, make: makeMap, receive: adopt, connect: listen, show: wake, frame: draw, refresh });
}
