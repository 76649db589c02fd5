// The list of keys, which opens with "?", and on a projector the switch between light and dark.

const KEYS = [
  ["?", "this list"],
  ["Page Down, Page Up", "next scene, scene before (a presentation clicker sends these); in a lesson: reveal or next step, step before"],
  [". or B, 1 to 6", "while a lesson asks: the next answer, an answer by its number"],
  ["Space", "play or pause"],
  ["\u2190 \u2192", "one generation back or on; on a dial: turn it, with Shift faster"],
  ["Home, End", "to the start, to the end of the run; on a dial: its least, its most"],
  ["L", "loop: start over after the end"],
  ["F", "full screen; Escape leaves it"],
  ["Tab", "to the next control"],
];
// Where a question mark is typed.
const TYPED = "input:not([type=range]), textarea, select, [contenteditable]:not([contenteditable=false])";
const MENU = "[data-testid=stMainMenuButton]";
const THEME = (name) => `[data-testid=stMainMenuItem-theme-${name}]`;
const PATIENCE = 600; // ms for Streamlit's menu to open

function makeKeys(root) {
  const find = (selector) => root.querySelector(selector);
  const parts = { theme: find(".cl-keys-theme"), open: find(".cl-keys-open"), list: find("dialog"), rows: find("dl"), drop: find(".cl-drop") };
  parts.rows.replaceChildren(...KEYS.flatMap(([key, words]) => [described("dt", key), described("dd", words)]));
  return { parts, mode: "desk", takes: false, lags: false, approached: "", observer: null, fitted: "", screen: "", fits: 0 };
}

function described(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

/** @param {Keys.Instance} keys @param {Keys.Header} header */
function receive(keys, { mode, takes, invite, lags }) {
  const { root, parts } = keys;
  Object.assign(keys, { mode, takes, lags });
  parts.drop.textContent = invite;
  root.classList.toggle("projector", mode === "projector");
  parts.theme.hidden = mode !== "projector" || !document.querySelector(MENU);
  fitCharts(keys);
}

/** @param {Keys.Instance} instance @param {KeyboardEvent} event */
function onKey({ parts }, event) {
  if (event.key !== "?" || event.defaultPrevented || isCommand(event)) return;
  const path = /** @type {Partial<Element>[]} */ (event.composedPath());
  if (path.some((element) => element.matches?.(TYPED))) return;
  event.preventDefault();
  if (parts.list.open) parts.list.close();
  else parts.list.showModal();
}

/**
 * The other theme, chosen in Streamlit's own menu: it keeps the choice, and the page goes on without being loaded anew.
 * @param {Keys.Instance} instance
 */
function switchTheme({ palette }) {
  const wanted = THEME(palette.dark ? "Light" : "Dark");
  const menu = /** @type {HTMLElement | null} */ (document.querySelector(MENU));
  const started = performance.now();
  const isOpen = () => /** @type {HTMLElement | null} */ (document.querySelector(wanted));
  const choose = () => {
    const item = isOpen();
    if (item) {
      item.click();
      if (isOpen()) menu?.click();
    } else if (performance.now() - started < PATIENCE) requestAnimationFrame(choose);
  };
  if (!isOpen()) menu?.click();
  choose();
}

/** @param {Keys.Instance} instance @param {On} on */
function listen(instance, on) {
  const { parts } = instance;
  on(window, "keydown", (event) => onKey(instance, event));
  listenToSizes(instance, on);
  listenToDrops(instance, on);
  listenToLinks(instance, on);
  on(parts.open, "click", () => parts.list.showModal());
  on(parts.theme, "click", () => switchTheme(instance));
  // A press beside the list closes it.
  on(parts.list, "click", (event) => { if (event.target === parts.list) parts.list.close(); });
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeKeys, receive, connect: listen, stop: ({ observer }) => observer?.disconnect() });
}
