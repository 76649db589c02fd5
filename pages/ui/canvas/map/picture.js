// "Save picture": the map with a title and its sentence, twice as dense as CSS pixels.

/** @param {PhaseMap.Instance} instance */
function saveMap(instance) {
  const { view, header } = instance;
  if (!view) return;
  const u = view.m.unit;
  const pad = 20 * u;
  const reading = readPoint(instance);
  const ruler = makeRuler();
  ruler.font = view.font(400, 14 * u);
  const lines = wrapped(ruler, `${header.alt ?? ""} ${readoutText(view, reading)}`, view.width);
  const head = (34 + 19 * lines.length) * u;
  const origin = originOf({ ...header, alt: lines.join(" ") });
  const foot = smallPrint(ruler, origin, view.width);
  const height = view.height + head + foot.length * 19 * u;
  const [canvas, context] = pictureCanvas(view.width + 2 * pad, height + 2 * pad, view.palette.page);
  context.fillStyle = view.palette.ink;
  context.font = view.font(600, 20 * u);
  context.fillText(header.picture_title || "Where the loop stays faithful", pad, pad + 18 * u);
  context.fillStyle = view.palette.secondary;
  context.font = view.font(400, 14 * u);
  lines.forEach((line, i) => context.fillText(line, pad, pad + (40 + 19 * i) * u));
  foot.forEach((line, i) => context.fillText(line, pad, pad + head + view.height + (19 * i + 14) * u));
  context.translate(pad, pad + head);
  const words = drawBase(context, view, PICTURE_SCALE);
  drawOverlay(context, view, { ...instance, hover: null, panelHover: null, playing: null, words }, reading);
  const name = header.picture_name || "phase-diagram";
  savePicture(canvas, name.endsWith(".png") ? name : `${name}.png`, origin);
}
