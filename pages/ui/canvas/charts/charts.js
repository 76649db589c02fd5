// Saves the charts that another library has drawn on the page, one below the other: with the page's headline and their
// titles, and as every saved picture with settings, seed and link.

const PAD = 24;
const TYPE = { headline: 22, title: 16, small: 13 };
const lineHeight = (size) => Math.round(size * 1.4);

/** @param {HTMLElement} root */
const makeCharts = (root) => ({ root, header: null });

/** @param {string} place @returns {Charts.Shown[]} */
function chartsShown(place) {
  const heads = [...document.querySelectorAll(`${place} .lk-head`)];
  return [...document.querySelectorAll(`${place} svg.marks`)].map((chart) => {
    const svg = /** @type {SVGSVGElement} */ (chart);
    const head = heads.findLast((one) => one.compareDocumentPosition(svg) & Node.DOCUMENT_POSITION_FOLLOWING);
    const key = [...(head?.querySelectorAll(".lk-key") ?? [])].map((entry) => entry.textContent).join(" \u00b7 ");
    return { svg, title: head?.querySelector("h2")?.textContent ?? "", key };
  });
}

/** The picture as the text of an SVG file, and its measures. @param {Charts.Instance} instance */
function chartsDrawing({ header, palette }) {
  const shown = chartsShown(header.place);
  const origin = originOf({ alt: header.settings });
  const headline = document.querySelector("h1")?.textContent?.trim() ?? "";
  const sizes = shown.map(({ svg }) => [svg.clientWidth || svg.width.baseVal.value, svg.clientHeight || svg.height.baseVal.value]);
  const inner = Math.max(600, ...sizes.map(([width]) => width));
  const recorder = /** @type {any} */ (new SvgContext());
  recorder.fillStyle = palette.page;
  const ground = recorder.body.length;
  let y = PAD;
  const say = (text, size, weight, colour) => {
    recorder.font = fontOf(palette, size, weight);
    for (const line of wrapped(recorder, text, inner)) {
      y += lineHeight(size);
      writeText(recorder, palette, line, PAD, y, { size, weight, colour });
    }
  };
  say(headline, TYPE.headline, 600, palette.ink);
  shown.forEach(({ svg, title, key }, i) => {
    y += PAD / 2;
    if (title !== shown[i - 1]?.title) {
      say(title, TYPE.title, 600, palette.ink);
      say(key, TYPE.small, 400, palette.secondary);
    }
    const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
    const [width, height] = sizes[i];
    for (const [name, value] of Object.entries({ x: PAD, y: y + 6, width, height })) copy.setAttribute(name, String(value));
    recorder.write(new XMLSerializer().serializeToString(copy));
    y += height + 6;
  });
  say(header.settings, TYPE.small, 400, palette.secondary);
  recorder.font = fontOf(palette, TYPE.small);
  for (const line of smallPrint(recorder, origin, inner)) {
    y += lineHeight(TYPE.small);
    writeText(recorder, palette, line, PAD, y, { size: TYPE.small, colour: palette.secondary });
  }
  const [width, height] = [inner + 2 * PAD, y + PAD];
  recorder.body.splice(ground, 0, `<rect width="${width}" height="${height}" fill="${palette.page}"/>`);
  return { text: recorder.document(width, height, { title: headline, words: header.settings, origin }), width, height, origin };
}

/** @param {Charts.Instance} instance @param {string} kind */
async function saveCharts(instance, kind) {
  const { header, palette } = instance;
  if (!chartsShown(header.place).length) return; // They are still being computed.
  const { text, width, height, origin } = chartsDrawing(instance);
  if (kind === "svg") return saveBytes(text, "image/svg+xml", `${header.picture_name}.svg`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const [canvas, context] = pictureCanvas(width, height, palette.page);
  context.drawImage(image, 0, 0, width, height);
  savePicture(canvas, `${header.picture_name}.png`, origin);
}

/** @param {Charts.Instance} charts @param {Charts.Header} header */
function receive(charts, header) {
  charts.header = header;
}

/** @param {Charts.Instance} charts @param {On} on */
function listen(charts, on) {
  for (const one of charts.root.querySelectorAll("[data-save]")) {
    const button = /** @type {HTMLElement} */ (one);
    on(button, "click", () => saveCharts(charts, button.dataset.save ?? "png"));
  }
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeCharts, receive, connect: listen });
}
