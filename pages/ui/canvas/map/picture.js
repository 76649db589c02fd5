// "Save picture": the map with a title and its sentence, twice as dense as CSS pixels.

function wrapWords(context, text, width) {
  if (text.includes("\n")) return text.split("\n").flatMap((part) => wrapWords(context, part, width));
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function saveMap(instance) {
  const { view, header } = instance;
  if (!view) return;
  const u = view.m.unit;
  const [pad, scale] = [20 * u, 2];
  const reading = readPoint(instance);
  const canvas = document.createElement("canvas");
  let context = canvas.getContext("2d");
  context.font = view.font(400, 14 * u);
  const lines = wrapWords(context, header.alt || readoutText(view, reading), view.width);
  const head = (34 + 19 * lines.length) * u;
  canvas.width = (view.width + 2 * pad) * scale;
  canvas.height = (view.height + head + 2 * pad) * scale;
  context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = view.palette.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = view.palette.ink;
  context.font = view.font(600, 20 * u);
  context.fillText(header.picture_title || "Where the loop stays faithful", pad, pad + 18 * u);
  context.fillStyle = view.palette.secondary;
  context.font = view.font(400, 14 * u);
  lines.forEach((line, i) => context.fillText(line, pad, pad + (40 + 19 * i) * u));
  context.translate(pad, pad + head);
  const words = drawBase(context, view, scale);
  drawOverlay(context, view, { ...instance, hover: null, panelHover: null, playing: null, words }, reading);
  const name = header.picture_name || "phase-diagram";
  savePicture(canvas, name.endsWith(".png") ? name : `${name}.png`);
}
