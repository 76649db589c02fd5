// A drawing as SVG: a stand-in for the canvas context that writes down what our drawing code does as vectors. It
// knows the part of the context's interface that player and map use; text is measured by a real context.

/** A path for what is drawn there: recorded where the drawing is, else the browser's own. @param {{ context: Context }} view @returns {any} */
const newPath = ({ context }) => (context instanceof SvgContext ? context.newPath() : new Path2D());

const inSvg = (value) => String(Math.round(value * 100) / 100);

/** Visitors' labels may hold anything; what XML forbids even when escaped is left out. */
function escaped(text) {
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // eslint-disable-next-line no-control-regex -- these are the characters that must go
  return String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "")
    .replace(/[&<>"]/g, (sign) => signs[sign]);
}

/** The commands of a path, as the `d` of an SVG path. */
class SvgPath {
  steps = [];
  moveTo(x, y) { this.steps.push(`M${inSvg(x)} ${inSvg(y)}`); }
  lineTo(x, y) { this.steps.push(`L${inSvg(x)} ${inSvg(y)}`); }
  closePath() { this.steps.push("Z"); }
  rect(x, y, w, h) { this.steps.push(`M${inSvg(x)} ${inSvg(y)}h${inSvg(w)}v${inSvg(h)}h${inSvg(-w)}Z`); }
  arc(x, y, radius, from, to) {
    const at = (angle) => `${inSvg(x + radius * Math.cos(angle))} ${inSvg(y + radius * Math.sin(angle))}`;
    const part = (angle) => `A${inSvg(radius)} ${inSvg(radius)} 0 0 1 ${at(angle)}`; // halves: no arc is ambiguous
    this.steps.push(`${this.steps.length ? "L" : "M"}${at(from)}${part((from + to) / 2)}${part(to)}`);
  }
  roundRect(x, y, w, h, corner) {
    const r = Math.max(0, Math.min(corner, w / 2, h / 2));
    const turn = (dx, dy) => `a${inSvg(r)} ${inSvg(r)} 0 0 1 ${inSvg(dx)} ${inSvg(dy)}`;
    this.steps.push(`M${inSvg(x + r)} ${inSvg(y)}h${inSvg(w - 2 * r)}${turn(r, r)}v${inSvg(h - 2 * r)}${turn(-r, r)}`
      + `h${inSvg(2 * r - w)}${turn(-r, -r)}v${inSvg(2 * r - h)}${turn(r, -r)}Z`);
  }
  get d() { return this.steps.join(""); }
}

// Where the page's own type is missing: the most common ones that are hardly wider.
const FALLBACKS = "'Source Sans 3', 'Source Sans Pro', Arial, 'Liberation Sans', Helvetica, sans-serif";
const ANCHORS = { left: "start", center: "middle", right: "end" };

class SvgContext {
  constructor() {
    this.ruler = makeRuler();
    /** @type {any} */
    this.state = {
      fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineJoin: "miter", lineCap: "butt", globalAlpha: 1,
      font: "10px sans-serif", textAlign: "left", textBaseline: "alphabetic", dash: [], matrix: new DOMMatrix(), clip: null,
      letterSpacing: "0px",
    };
    this.saved = [];
    this.path = new SvgPath();
    this.body = [];
    /** Clip paths and gradients, which other elements name. */
    this.definitions = [];
    /** @type {any} */
    this.halo = null;
    /** The text written last, where it ends, and what it must share with one that goes on from there. @type {any} */
    this.line = null;
  }

  newPath() { return new SvgPath(); }
  save() { this.saved.push({ ...this.state, matrix: DOMMatrix.fromMatrix(this.state.matrix) }); }
  restore() { this.state = this.saved.pop() ?? this.state; }
  scale(x, y) { this.state.matrix.scaleSelf(x, y); }
  translate(x, y) { this.state.matrix.translateSelf(x, y); }
  rotate(angle) { this.state.matrix.rotateSelf((angle * 180) / Math.PI); }
  setLineDash(dash) { this.state.dash = dash; }

  beginPath() { this.path = new SvgPath(); }
  moveTo(...at) { this.path.moveTo(...at); }
  lineTo(...at) { this.path.lineTo(...at); }
  closePath() { this.path.closePath(); }
  rect(...box) { this.path.rect(...box); }
  arc(...round) { this.path.arc(...round); }
  roundRect(...box) { this.path.roundRect(...box); }

  clip(path = this.path) {
    this.state.clip = this.define("clipPath", "", `<path${this.placed()} d="${path.d}"/>`); // The inner one counts: ours lie within.
  }

  /** Put an element among the definitions; returns its name. */
  define(tag, attributes, content) {
    const id = `${tag}${this.definitions.length + 1}`;
    this.definitions.push(`<${tag} id="${id}"${attributes}>${content}</${tag}>`);
    return id;
  }

  createLinearGradient(x1, y1, x2, y2) {
    const stops = [];
    const ends = Object.entries({ x1, y1, x2, y2 }).map(([name, value]) => ` ${name}="${inSvg(value)}"`).join("");
    let id = "";
    return {
      addColorStop: (at, colour) => { stops.push(`<stop offset="${at}" stop-color="${escaped(colour)}"/>`); },
      // Defined when it is first used: all its colours are known by then.
      toString: () => `url(#${id ||= this.define("linearGradient", ` gradientUnits="userSpaceOnUse"${ends}`, stops.join(""))})`,
    };
  }

  /** A picture stays one: its pixels, at their place. @param {HTMLCanvasElement} picture */
  drawImage(picture, x, y, width, height) {
    this.write(`<image x="${inSvg(x)}" y="${inSvg(y)}" width="${inSvg(width)}" height="${inSvg(height)}" preserveAspectRatio="none"`
      + ` href="${picture.toDataURL("image/png")}"${this.placed()}/>`);
  }

  fill(path = this.path) { this.write(`<path d="${path.d}"${this.filled()}${this.placed()}/>`); }
  stroke(path = this.path) { this.write(`<path d="${path.d}" fill="none"${this.stroked()}${this.placed()}/>`); }
  fillRect(x, y, w, h) {
    this.write(`<rect x="${inSvg(Math.min(x, x + w))}" y="${inSvg(Math.min(y, y + h))}" width="${inSvg(Math.abs(w))}"`
      + ` height="${inSvg(Math.abs(h))}"${this.filled()}${this.placed()}/>`);
  }
  strokeRect(...box) {
    const path = this.newPath();
    path.rect(...box);
    this.stroke(path);
  }

  measureText(text) {
    this.ruler.font = this.state.font;
    return this.ruler.measureText(text);
  }

  /** A halo is the outline of the text that follows it: one element, so that the text stays one text to edit. */
  strokeText(text, x, y) { this.halo = { text, x, y, outline: ` paint-order="stroke"${this.stroked()}` }; }

  fillText(text, x, y) {
    const { halo, state } = this;
    const outline = halo && halo.text === text && halo.x === x && halo.y === y ? halo.outline : "";
    this.halo = null;
    const [, weight, size, family] = /^(?:(\w+) )?([\d.]+)px (.+)$/.exec(state.font) ?? [];
    const wide = this.measureText(text).width;
    const families = `${family.replace(/,? *sans-serif$/, "")}, ${FALLBACKS}`;
    // The width holds the layout together where the font is another one. Renderers that do not know it let what goes on
    // follow what it goes on from: pieces of one line are one text, placed once.
    const gap = this.line ? x - this.line.end : 0;
    const piece = (isFirst) => `<tspan${isFirst || gap < 0.6 ? "" : ` dx="${inSvg(gap)}"`} font-size="${inSvg(size)}" font-weight="${weight ?? 400}" textLength="${inSvg(wide)}"`
      + ` lengthAdjust="spacingAndGlyphs"${outline}${this.filled()}>${escaped(text)}</tspan>`;
    const place = `${inSvg(y)} ${this.placed()} ${state.clip}`;
    const { line } = this;
    const follows = gap > -0.6 && gap < Number(size);
    const goesOn = line && line.place === place && state.textAlign === "left" && follows && line.at === this.body.length - 1;
    const pieces = goesOn ? [...line.pieces, piece(false)] : [piece(true)];
    if (goesOn) this.body.pop();
    const start = goesOn ? line.start : x;
    this.write(`<text x="${inSvg(start)}" y="${inSvg(y)}" font-family="${escaped(families)}" text-anchor="${ANCHORS[state.textAlign]}"`
      + ` xml:space="preserve"${this.spaced()}${this.placed()}>${pieces.join("")}</text>`);
    this.line = { place, start, end: x + wide, pieces, at: this.body.length - 1 };
  }

  spaced() {
    const { letterSpacing } = this.state;
    return parseFloat(letterSpacing) ? ` letter-spacing="${letterSpacing}"` : "";
  }
  filled() { return ` fill="${escaped(this.state.fillStyle)}"`; }
  stroked() {
    const { strokeStyle, lineWidth, lineJoin, dash } = this.state;
    return ` stroke="${escaped(strokeStyle)}" stroke-width="${inSvg(lineWidth)}" stroke-linejoin="${lineJoin}"`
      + (dash.length ? ` stroke-dasharray="${dash.map(inSvg).join(" ")}"` : "");
  }
  placed() {
    const { globalAlpha, matrix: { a, b, c, d, e, f, isIdentity } } = this.state;
    return (isIdentity ? "" : ` transform="matrix(${[a, b, c, d, e, f].map(inSvg).join(" ")})"`)
      + (globalAlpha < 1 ? ` opacity="${inSvg(globalAlpha)}"` : "");
  }
  write(element) { this.body.push(this.state.clip ? `<g clip-path="url(#${this.state.clip})">${element}</g>` : element); }

  /**
   * The whole drawing; title and words are read aloud by screen readers.
   * @param {number} width @param {number} height @param {{ title: string, words: string, origin: Origin }} options
   */
  document(width, height, { title, words, origin: { settings, seed, link } }) {
    const dc = (name, text) => `<dc:${name}>${escaped(text)}</dc:${name}>`;
    const made = dc("description", `${settings} Seed ${seed}.`.trim()) + dc("source", link) + dc("publisher", "Closed loop");
    const size = `width="${inSvg(width)}" height="${inSvg(height)}" viewBox="0 0 ${inSvg(width)} ${inSvg(height)}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-variant-numeric="tabular-nums">`,
      `<title>${escaped(title)}</title>`, `<desc>${escaped(`${words} Seed ${seed}. ${link}`)}</desc>`,
      `<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${made}</metadata>`,
      `<defs>${this.definitions.join("")}</defs>`, ...this.body, "</svg>",
    ].join("\n");
  }
}

// The names of the context's settings, so that drawing code assigns to them as on a canvas.
for (const name of ["fillStyle", "strokeStyle", "lineWidth", "lineJoin", "lineCap", "globalAlpha", "font", "textAlign", "textBaseline", "letterSpacing"]) {
  Object.defineProperty(SvgContext.prototype, name, {
    get() { return this.state[name]; },
    set(value) { this.state[name] = value; },
  });
}
