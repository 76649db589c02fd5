// On a projector's screen charts of other libraries, whose height the server sets, are made smaller as a whole until the
// page fits; our own pictures do so by themselves (roomFor in common.js).

const CHARTS = ".st-key-luck_body";
const LEAST_FIT = 0.45; // below it nobody could read them: then the page scrolls
const SLACK = 0.01;
const MOST_FITS = 8; // Words wrap otherwise at another size: the search for the size has an end.

/** @param {Keys.Instance} keys */
function fitCharts(keys) {
  const charts = /** @type {HTMLElement | null} */ (document.querySelector(CHARTS));
  if (!charts || keys.mode !== "projector") return;
  const before = Number(charts.style.getPropertyValue("--fit")) || 1;
  const size = [window.innerWidth, window.innerHeight, charts.offsetHeight].join();
  if (keys.fitted === size) return;
  keys.fits = keys.screen === `${window.innerWidth} ${window.innerHeight}` ? keys.fits + 1 : 0;
  keys.screen = `${window.innerWidth} ${window.innerHeight}`;
  if (keys.fits > MOST_FITS && before < 1) return;
  const fit = clamp(roomAround(charts) / charts.offsetHeight, LEAST_FIT, 1);
  keys.fitted = size;
  if (Math.abs(fit - before) > SLACK) charts.style.setProperty("--fit", String(fit));
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** The height that the page leaves for an element, in pixels of the page. @param {HTMLElement} element */
function roomAround(element) {
  const page = /** @type {HTMLElement} */ (element.closest(PAGE));
  const box = element.getBoundingClientRect();
  const scrolled = element.closest(".stMain")?.scrollTop ?? 0;
  const padding = parseFloat(getComputedStyle(page).paddingBottom) || 0;
  const below = lowestOf(page, box.bottom) - box.bottom;
  return (window.innerHeight - box.top - scrolled - below) / zoomOf(page) - padding - PAGE_END;
}

/** Look again whenever the page or its window changes its size. @param {Keys.Instance} keys @param {On} on */
function listenToSizes(keys, on) {
  const page = document.querySelector(PAGE)?.firstElementChild;
  keys.observer?.disconnect();
  keys.observer = new ResizeObserver(() => fitCharts(keys));
  if (page) keys.observer.observe(page);
  on(window, "resize", () => fitCharts(keys));
}
