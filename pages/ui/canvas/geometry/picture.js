// "Save picture": heading, triangle and the sentence about it, twice as dense as CSS pixels.

/** @param {Geometry.Instance} triangle */
function saveTriangle(triangle) {
  const { view, header } = triangle;
  if (!view) return;
  const pad = 24 * view.unit;
  const ruler = makeRuler();
  const title = linesOf(ruler, view, triangle.parts.title.textContent, 600, 18);
  const told = linesOf(ruler, view, `${header.alt ?? ""} ${noteWords(triangle).replace(/ Click.*$/, "")}`);
  const caption = [...told, ...smallPrint(ruler, originOf(header), view.width)];
  const head = (title.length * 24 + 8) * view.unit;
  const height = head + view.height + caption.length * 20 * view.unit + 2 * pad;
  const [canvas, context] = pictureCanvas(view.width + 2 * pad, height, view.palette.page);
  context.translate(pad, pad);
  title.forEach((line, i) => write(context, view, line, 0, (18 + 24 * i) * view.unit, { weight: 600, size: 18 }));
  context.translate(0, head);
  drawGround(context, view, triangle);
  drawScene(context, view, { ...sceneOf(triangle), cursor: null, pending: [] });
  context.translate(0, view.height);
  caption.forEach((line, i) => write(context, view, line, 0, (18 + 20 * i) * view.unit, { colour: view.palette.secondary }));
  savePicture(canvas, header.picture_name || "triangle.png", originOf(header));
}
