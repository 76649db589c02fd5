// What every canvas component shares: unpacking, colours, sharp canvases, and small helpers of the page.
// files.py puts this file, mount.js and what the component asks for in front of its own scripts.
//
// Components live in scopes of their own and speak by events on window. All of them, with who sends and who listens:
//   closedloop:definition   a component's code has come; detail: its name. definition.js -> stub.js
//   closedloop:payload      bytes that were sent ahead have come (globalThis.closedLoopPayloads). payload.js -> whenWhole below
//   closedloop:carried      bytes that one component carries for another have come (globalThis.closedLoopCarried); detail: their name. mount.js
//   closedloop:dials        a dial is being moved; detail: { temperature, external_fraction, sample_size }. dials -> player
//   closedloop:scene        a scene has been chosen; detail: its name. scenes_box -> player
//   closedloop:playhead     the generation shown has changed; detail: { generation, phase, effective, distance }. player -> verdict, map, painted.js
//   closedloop:ask          asks a player to send closedloop:playhead, changed or not. verdict, painted.js -> player
//   closedloop:geometry-clock  triangle and well play together; detail: see tellClock. geometry <-> well (landscape.js)

/** @param {Uint8Array} bytes */
const lengthOfHeader = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);

/** The header of packed bytes alone. @param {Uint8Array} bytes */
const headerOf = (bytes) => JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + lengthOfHeader(bytes))));

/**
 * The other end of pack.pack: header length, JSON header, 8-byte aligned arrays. What a payload brought ahead (see
 * payload.js) is part of it; null while the payload is on its way.
 * @param {Uint8Array} bytes
 */
function unpack(bytes) {
  const header = headerOf(bytes);
  const headerLength = lengthOfHeader(bytes);
  const kinds = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const Kind = kinds[dtype];
    const length = shape.reduce((product, size) => product * size, 1);
    const start = bytes.byteOffset + 4 + headerLength + offset;
    // The bytes may arrive unaligned; a slice is aligned.
    const buffer = bytes.buffer.slice(start, start + length * Kind.BYTES_PER_ELEMENT);
    arrays[name] = new Kind(buffer);
    arrays[name].shape = shape;
  }
  if (!header.payload) return { ...header, arrays };
  const payload = globalThis.closedLoopPayloads?.get(header.payload);
  if (!payload) return null;
  const ahead = unpack(payload);
  return { ...ahead, ...header, arrays: { ...ahead.arrays, ...arrays } };
}

/**
 * Call `take` with what `unpack` returns, at once or when the payload has come; returns what gives up waiting.
 * @param {Uint8Array} bytes
 */
function whenWhole(bytes, take) {
  const waiting = new AbortController();
  const look = () => {
    const whole = unpack(bytes);
    if (!whole) return;
    waiting.abort();
    take(whole);
  };
  window.addEventListener("closedloop:payload", look, { signal: waiting.signal });
  look();
  return () => waiting.abort();
}

// The classes that have a region of their own on a map; the mild ones lie between.
const REGIONS = ["collapse", "heat death", "faithful"];
const CLASS_WORD = { faithful: "Faithful", sharpened: "Sharpened", collapse: "Collapsed", flattened: "Flattened", "heat death": "Heat death" };
const CLASS_VARIABLE = { faithful: "faithful", sharpened: "collapse", collapse: "collapse", flattened: "heat", "heat death": "heat" };

// One meaning, one colour, everywhere (Okabe-Ito, lifted on dark ground). "Text" variants carry small type.
const PALETTES = {
  light: {
    page: "#FFFFFF", ink: "#1B2130", secondary: "#525A68", disabled: "#7C8594", line: "#D9DDE3", grid: "#ECEEF1",
    field: "#F3F5F7", matched: "#B4BCC8", outline: "#1B2130",
    collapse: "#D55E00", heat: "#0072B2", faithful: "#009E73",
    collapseText: "#B34700", heatText: "#00639B", faithfulText: "#00795A",
    collapseMild: "#FBE6D8", collapseSevere: "#F4C5A5", heatMild: "#DCECF6", heatSevere: "#B2D5EB", faithfulTint: "#D3EEE4",
    collapseTrack: "#EBA87C", heatTrack: "#86BCDB", faithfulTrack: "#6CC4A9",
    sharpenedTrack: "#F5D3BA", flattenedTrack: "#C2DDEC",
  },
  dark: {
    page: "#0E1117", ink: "#F1F3F6", secondary: "#AEB6C2", disabled: "#7F8896", line: "#343B47", grid: "#1D222C",
    field: "#1A1F29", matched: "#535D6C", outline: "#E8EBEF",
    collapse: "#E5701A", heat: "#2E93D1", faithful: "#14AD82",
    collapseText: "#FF9B57", heatText: "#6CBBEA", faithfulText: "#45CDA5",
    collapseMild: "#33201A", collapseSevere: "#54301D", heatMild: "#152A3B", heatSevere: "#1B405C", faithfulTint: "#12382F",
    collapseTrack: "#8A4A22", heatTrack: "#245F8C", faithfulTrack: "#1B7A60",
    sharpenedTrack: "#573423", flattenedTrack: "#1C3F5B",
  },
};

/** A class's colours: `fill` for areas and lines, `text` for small type. @param {Palette} palette */
function classColours(palette, name) {
  const variable = CLASS_VARIABLE[name];
  return variable ? { fill: palette[variable], text: palette[`${variable}Text`] } : { fill: palette.ink, text: palette.ink };
}

function rgb(colour) {
  const hex = colour.trim().replace("#", "");
  if (/^[0-9a-f]{6}$/i.test(hex)) return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const numbers = colour.match(/[\d.]+/g);
  return numbers && numbers.length >= 3 ? numbers.slice(0, 3).map(Number) : [255, 255, 255];
}

/** The palette for the theme Streamlit shows now; also written as --cl-* CSS variables on `root`. @param {HTMLElement} root */
function applyTheme(root) {
  const ground = rgb(getComputedStyle(root).getPropertyValue("--st-background-color") || "#FFFFFF");
  const dark = 0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2] < 128;
  const palette = PALETTES[dark ? "dark" : "light"];
  for (const [name, colour] of Object.entries(palette)) root.style.setProperty(`--cl-${name}`, colour);
  const font = getComputedStyle(root).getPropertyValue("--st-font").trim() || '"Source Sans", sans-serif';
  return { ...palette, dark, font };
}

/** A canvas's drawing context; every browser has one. @param {HTMLCanvasElement} canvas */
const contextOf = (canvas) => /** @type {Context} */ (canvas.getContext("2d"));

/** A context to measure text with. */
const makeRuler = () => contextOf(document.createElement("canvas"));

// Projector mode zooms the page so that it fills the screen (projector.css). An element's own pixels are then not those
// of the screen, in which pointers and boxes are told.

/** How many pixels of the screen one of the element's own is. @param {Element} element */
const zoomOf = (element) => /** @type {any} */ (element).currentCSSZoom || 1;

/** Where a pointer is on an element, in the element's own pixels. @param {HTMLElement} element @returns {Position} */
function pointerOn(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  const scale = box.width ? element.offsetWidth / box.width : 1;
  return { x: (clientX - box.left) * scale, y: (clientY - box.top) * scale };
}

const PAGE = ".stMainBlockContainer";
const PAGE_END = 10; // px that Streamlit leaves between the last thing on a page and its end
const COLUMN = "[data-testid='stColumn']";

/**
 * The height a picture may take so that nothing below it in its column leaves the screen: the screen less what stands above
 * and below. Pictures shrink, controls do not. Infinity where there is no page around it.
 * @param {HTMLElement} root
 */
function roomFor(root) {
  const host = /** @type {HTMLElement} */ (/** @type {ShadowRoot} */ (root.getRootNode()).host ?? root);
  const page = host.closest?.(PAGE);
  if (!page) return Infinity;
  const zoom = zoomOf(host);
  const box = host.getBoundingClientRect();
  const around = host.closest(COLUMN) ?? page;
  const last = lowestOf(around, box.bottom);
  const scrolled = host.closest(".stMain")?.scrollTop ?? 0;
  const padding = parseFloat(getComputedStyle(page).paddingBottom) || 0;
  return (window.innerHeight - (box.top + scrolled) - (last - box.bottom)) / zoom - padding - PAGE_END;
}

/** What changes its size when something above or below the element in its page does. @param {HTMLElement} root */
function partsAround(root) {
  const { host } = /** @type {ShadowRoot} */ (root.getRootNode());
  const around = [host?.closest(COLUMN), host?.closest(PAGE)];
  return around.flatMap((part) => (part?.firstElementChild ? [part.firstElementChild] : []));
}

/** The bottom of what stands in a column, or of `least`. @param {Element} around */
function lowestOf(around, least) {
  let lowest = least;
  for (const part of around.querySelectorAll("[data-testid='stElementContainer']")) {
    const { bottom, height } = part.getBoundingClientRect();
    if (height > 1 && bottom > lowest && getComputedStyle(part).position !== "fixed") lowest = bottom;
  }
  return lowest;
}

/** Size a canvas in CSS pixels, sharp on dense screens; returns a context in CSS pixels. @param {HTMLCanvasElement} canvas */
function sharpen(canvas, width, height) {
  const ratio = pixelRatio(canvas);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Pixels of the screen to a canvas's own, at least one. @param {Element} canvas */
const pixelRatio = (canvas) => Math.max(1, (window.devicePixelRatio || 1) * zoomOf(canvas));

// Five bars that say the class without colour: a spike, a flat row, a stair.
const GLYPHS = {
  collapse: [0.16, 0.16, 1, 0.16, 0.16],
  "heat death": [0.5, 0.5, 0.5, 0.5, 0.5],
  faithful: [1, 0.72, 0.5, 0.34, 0.22],
  sharpened: [0.24, 0.4, 1, 0.4, 0.24],
  flattened: [0.72, 0.62, 0.54, 0.47, 0.42],
};

/** @param {Context} context */
function drawGlyph(context, name, size, x, y, colour) {
  context.fillStyle = colour;
  GLYPHS[name].forEach((height, i) => context.fillRect(x + i * size * 0.25, y - height * size, size * 0.19, height * size));
}

const reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whether a key was pressed together with one that makes it a command of the browser. */
const isCommand = (event) => event.ctrlKey || event.metaKey || event.altKey;

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What a term means, where it stands. @param {HTMLElement} element @param {string | undefined} words */
function explain(element, words) {
  if (words && element.title !== words) element.title = words;
}

const SPOKEN_EVERY = 1000; // ms: a screen reader is not told more often than it can read.

/**
 * Whether a screen reader may be told something now; if not yet, `later` is called when it may.
 * @param {Mounted & { spokenAt: number }} instance
 */
function maySpeak(instance, later) {
  const wait = instance.spokenAt + SPOKEN_EVERY - performance.now();
  if (wait <= 0) {
    // A picture may come before the timer: that is not to tell the same once more.
    clearTimeout(instance.timers.speak);
    instance.timers.speak = 0;
    instance.spokenAt = performance.now();
    return true;
  }
  instance.timers.speak ||= setTimeout(() => {
    instance.timers.speak = 0;
    later();
  }, wait);
  return false;
}

const PHONE_BELOW = 520; // px

/** Which sizes a component of this width takes; the narrow ones win over what the page asked for. @returns {SizeName} */
function sizeName(mode, width, narrow = PHONE_BELOW) {
  if (width < narrow) return "phone";
  return mode === "projector" ? "projector" : "desk";
}

/** @param {Context} context @param {Point[]} points */
function tracePath(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
}

/**
 * A disc, filled, with a line around it where one is given.
 * @param {Context} context @param {number} x @param {number} y @param {number} radius
 * @param {{ fill: string, line?: string | null, width?: number }} options
 */
function drawDisc(context, x, y, radius, { fill, line = null, width = 1 }) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  if (!line) return;
  context.strokeStyle = line;
  context.lineWidth = width;
  context.stroke();
}
