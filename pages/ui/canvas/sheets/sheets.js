// Sheets of images, generation by generation: one instance per element, its data, its clock, its frames. Drawing is in
// marks.js. It sends closedloop:playhead, as a player does, so that the verdict follows.

function makeSheets(root) {
  const find = (selector) => root.querySelector(selector);
  const instance = /** @type {any} */ ({
    header: null, restart: null, told: "", spokenAt: -Infinity, rollNow: false, timers: { speak: 0 },
    ink: document.createElement("canvas"),
    parts: {
      save: find(".save"), sheet: find(".sheet"), bars: find(".bars"), curves: find(".curves"), note: find(".note"), said: find(".said"),
      play: find(".play"), playWord: find(".play-word"), scrubber: find(".scrubber"), count: find(".count"),
    },
  });
  instance.clock = makeClock("sheets", () => wake(instance));
  return instance;
}

/** New images play from their start. @param {Sheets.Instance} instance @param {Sheets.Header} header */
function receive(instance, header) {
  instance.header = header;
  instance.clock.own = header.generations;
  instance.rollNow = true;
}

/** @param {Sheets.Instance} instance */
const generationAt = ({ clock, header }) => Math.min(clock.position, header.generations);

/** @param {Sheets.Instance} instance @param {HTMLCanvasElement} canvas @returns {Sheets.View} */
function viewOf(instance, canvas, name) {
  const { header, palette } = instance;
  const width = Math.floor(/** @type {HTMLElement} */ (canvas.parentElement).clientWidth);
  const scale = { desk: { unit: 1, line: 1 }, projector: { unit: 1.5, line: 1.6 }, phone: { unit: 0.93, line: 0.9 } }[name];
  // On a projector the images give up what the rest needs of the screen.
  const { root, parts } = instance;
  const room = name === "projector" && root.isConnected ? roomFor(root) - (root.offsetHeight - parts.sheet.offsetHeight) : Infinity;
  return { ...scale, name, header, palette, width, room, height: 0, at: generationAt(instance) };
}

/** @param {Sheets.Instance} instance */
function draw(instance) {
  const { root, header, parts, clock } = instance;
  const width = Math.floor(root.clientWidth);
  if (!header || width < 60) return;
  const name = sizeName(header.mode, width);
  root.dataset.mode = name;
  const paint = (canvas, height, drawing) => {
    const view = viewOf(instance, canvas, name);
    const context = sharpen(canvas, view.width, Math.ceil(height(view)));
    context.clearRect(0, 0, view.width, height(view));
    drawing(context, view);
  };
  paint(parts.sheet, (view) => sheetSizes(view).height, (context, view) => drawSheet(context, view, instance.ink));
  paint(parts.bars, barsHeight, drawBars);
  paint(parts.curves, curvesHeight, drawCurves);
  showSheetsClock(instance);
  if (clock.playing && !clock.request) resumeClock(clock);
  tellPlayhead(instance);
}

/** @param {Sheets.Instance} instance */
function showSheetsClock({ clock, parts, header }) {
  const runs = clockRuns(clock);
  const shown = Math.round(Math.min(clock.position, header.generations));
  parts.play.hidden = reducedMotion();
  parts.play.classList.toggle("playing", runs);
  parts.play.setAttribute("aria-label", runs ? "Pause" : "Play");
  setText(parts.playWord, runs ? "Pause" : "Play");
  parts.scrubber.max = String(header.generations);
  parts.scrubber.value = String(shown);
  parts.scrubber.style.setProperty("--done", `${(100 * shown) / header.generations}%`);
  setText(parts.count, String(shown));
  setText(parts.note, header.note);
}

/** What the page is told of a generation. @param {Sheets.Instance} instance */
function factsOf({ header, clock }) {
  const generation = Math.round(Math.min(clock.position, header.generations));
  const { effective, shift, distance, digits } = header.arrays;
  return {
    generation, phase: header.phases[generation], effective: effective[generation], distance: shift[generation],
    far: distance[generation], none: digits[generation * (NONE + 1) + NONE],
  };
}

/** @param {Sheets.Instance} instance */
function tellPlayhead(instance, always = false) {
  if (!instance.header) return;
  const facts = factsOf(instance);
  const printed = String(facts.generation);
  if (printed === instance.told && !always) return;
  instance.told = printed;
  window.dispatchEvent(new CustomEvent("closedloop:playhead", { detail: facts }));
  speak(instance);
}

/** @param {Sheets.Instance} instance */
function speak(instance) {
  if (!maySpeak(instance, () => speak(instance))) return;
  const { parts, header } = instance;
  const { generation, effective, far, none } = factsOf(instance);
  const digits = Array.from({ length: NONE }, (_, i) => `${i}: ${percent(header.arrays.digits[generation * (NONE + 1) + i])} %`);
  const words = `generation ${generation} of ${header.generations}`;
  parts.scrubber.setAttribute("aria-valuetext", words);
  parts.sheet.setAttribute("aria-label", `${header.cells} of ${header.images} images of ${words}, ${percent(none)} % of them no digit.`);
  parts.bars.setAttribute("aria-label", `Shares of the digits at ${words}. ${digits.join(", ")}, none: ${percent(none)} %.`);
  const curves = `They act like ${effectiveText(effective)} digits; distance to the real ones ${far.toFixed(2)}, fresh real digits ${header.fresh.toFixed(2)}.`;
  parts.curves.setAttribute("aria-label", `At ${words}: ${curves}`);
}

const KEYS = new Set([" ", "ArrowLeft", "ArrowRight", "Home", "End"]);
// What answers to these keys itself.
const BUSY = "input, textarea, select, button, summary, a, [contenteditable], [role=slider], [role=tab], [role=radio], [role=option]";

/** @param {Sheets.Instance} instance @param {KeyboardEvent} event */
function onKey({ clock, header }, event) {
  if (!header || event.defaultPrevented || isCommand(event) || event.shiftKey || !KEYS.has(event.key)) return;
  if (/** @type {Partial<Element>[]} */ (event.composedPath()).some((element) => element.matches?.(BUSY))) return;
  event.preventDefault();
  const now = Math.round(Math.min(clock.position, header.generations));
  if (event.key === " ") {
    if (!event.repeat) togglePlaying(clock);
  } else if (event.key === "Home") setClock(clock, 0, false);
  else if (event.key === "End") setClock(clock, Infinity, false);
  else setClock(clock, clamp(now + (event.key === "ArrowRight" ? 1 : -1), 0, header.generations), false);
}

/** @param {Sheets.Instance} instance @param {On} on */
function connect(instance, on) {
  const { clock, parts } = instance;
  listenToClock(clock, parts, on);
  on(parts.save, "click", () => saveSheets(instance));
  on(window, "keydown", (event) => onKey(instance, event));
  on(parts.sheet, "click", () => togglePlaying(clock));
  on(window, "closedloop:ask", () => tellPlayhead(instance, true));
}

/** The sheet, the digits and the curves as one picture. @param {Sheets.Instance} instance */
function saveSheets(instance) {
  const { parts, header } = instance;
  const canvases = [parts.sheet, parts.bars, parts.curves];
  const sizes = canvases.map((canvas) => [canvas.clientWidth, canvas.clientHeight]);
  const pad = 24;
  const width = Math.max(...sizes.map(([w]) => w)) + 2 * pad;
  const height = sizes.reduce((sum, [, h]) => sum + h + pad, 2 * pad + 24);
  const ruler = makeRuler();
  ruler.font = fontOf(instance.palette, 13);
  const origin = originOf({ alt: header.note });
  const foot = smallPrint(ruler, origin, width - 2 * pad);
  const [canvas, context] = pictureCanvas(width, height + foot.length * 18, instance.palette.page);
  const view = { ...viewOf(instance, parts.sheet, "desk"), width: width - 2 * pad };
  write(context, view, `What the model draws, generation ${parts.count.textContent}. ${header.note}`.slice(0, 140), pad, pad + 8, { weight: 600 });
  let top = 2 * pad;
  canvases.forEach((part, i) => {
    context.drawImage(part, pad, top, sizes[i][0], sizes[i][1]);
    top += sizes[i][1] + pad;
  });
  foot.forEach((line, i) => writeText(context, instance.palette, line, pad, top + 18 * i, { size: 13, colour: instance.palette.secondary }));
  savePicture(canvas, header.picture_name, origin);
}

/** @param {Sheets.Instance} instance */
function showSheets(instance) {
  if (instance.rollNow) {
    instance.rollNow = false;
    setClock(instance.clock, reducedMotion() ? Infinity : 0, true);
  }
  draw(instance);
  wake(instance);
}

/** @param {Sheets.Instance} instance */
const stopSheets = ({ clock }) => stopFrames(clock);

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { fits: true, make: makeSheets, receive, connect, show: showSheets, frame: draw, refresh: wake, stop: stopSheets });
}
