// "Save picture": the map with a title and its sentence, twice as dense as CSS pixels, or as a drawing to scale and edit.

const DEFAULT_NAME = "phase-diagram";

/** What the picture is made of, and its measures. @param {PhaseMap.Instance} instance @param {PhaseMap.View} view */
function planMap(instance, view) {
  const { header } = instance;
  const u = view.m.unit;
  const reading = readPoint(instance);
  const ruler = makeRuler();
  ruler.font = view.font(400, 14 * u);
  const lines = wrapped(ruler, `${header.alt ?? ""} ${readoutText(view, reading)}`, view.width);
  const origin = originOf({ ...header, alt: lines.join(" ") });
  const foot = smallPrint(ruler, origin, view.width);
  const [pad, head] = [20 * u, (34 + 19 * lines.length) * u];
  const title = header.picture_title || "Where the loop stays faithful";
  const [width, height] = [view.width + 2 * pad, view.height + head + foot.length * 19 * u + 2 * pad];
  return { title, lines, foot, origin, reading, pad, head, width, height };
}

/**
 * @param {PhaseMap.Instance} instance @param {PhaseMap.View} view @param {ReturnType<typeof planMap>} plan
 * @param {Context} context
 */
function paintMap(instance, view, { title, lines, foot, reading, pad, head, width, height }, context) {
  const u = view.m.unit;
  context.fillStyle = view.palette.page;
  context.fillRect(0, 0, width, height);
  context.fillStyle = view.palette.ink;
  context.font = view.font(600, 20 * u);
  context.fillText(title, pad, pad + 18 * u);
  context.fillStyle = view.palette.secondary;
  context.font = view.font(400, 14 * u);
  lines.forEach((line, i) => context.fillText(line, pad, pad + (40 + 19 * i) * u));
  foot.forEach((line, i) => context.fillText(line, pad, pad + head + view.height + (19 * i + 14) * u));
  context.translate(pad, pad + head);
  const words = drawBase(context, view, PICTURE_SCALE);
  drawOverlay(context, view, { ...instance, hover: null, panelHover: null, playing: null, words }, reading);
}

/** @param {PhaseMap.Instance} instance */
function saveMapPicture(instance) {
  const { view, header } = instance;
  if (!view) return;
  const plan = planMap(instance, view);
  const [canvas, context] = pictureCanvas(plan.width, plan.height, view.palette.page);
  paintMap(instance, view, plan, context);
  savePicture(canvas, `${mapName(header)}.png`, plan.origin);
}

/** @param {PhaseMap.Instance} instance */
function saveMapDrawing(instance) {
  const { view, header } = instance;
  if (!view) return;
  const plan = planMap(instance, view);
  const recorder = /** @type {any} */ (new SvgContext());
  paintMap(instance, view, plan, recorder);
  const text = recorder.document(plan.width, plan.height, { title: plan.title, words: plan.lines.join(" "), origin: plan.origin });
  saveBytes(text, "image/svg+xml", `${mapName(header)}.svg`);
}

/** @param {PhaseMap.Header} header */
const mapName = ({ picture_name: name }) => (name || DEFAULT_NAME).replace(/\.png$/, "");
