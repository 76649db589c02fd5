// The choice of a scene. The system's own list answers at once, on a phone too; PageDown and PageUp, which a
// presentation clicker sends, go from scene to scene; while a lesson is open, from step to step (lesson/).

// In a long text these keys turn its pages; everywhere else they are the clicker's.
const TEXT = "textarea, [contenteditable]:not([contenteditable=false])";
const PATIENCE = 6000; // ms for the page to answer a choice; then it has the last word.

function makeBox(root) {
  const find = (selector) => root.querySelector(selector);
  return {
    list: find("select"), count: find(".cl-scenes-count"), watch: find(".cl-scenes-watch"), restore: find(".cl-scenes-restore"),
    header: null, asked: null, held: null, timers: { patience: 0 },
  };
}

/**
 * Show what the page says; while it has not answered the last choice, what it said before waits.
 * @param {Scenes.Instance} box @param {Scenes.Header} header
 */
function hear(box, header) {
  box.held = header;
  if (box.asked === null || (header.chosen === box.asked && !header.changed)) answer(box);
}

/** @param {Scenes.Instance} box */
function answer(box) {
  clearTimeout(box.timers.patience);
  box.asked = null;
  showScenes(box, box.held);
}

/** @param {Scenes.Instance} box @param {Scenes.Header} header */
function showScenes(box, header) {
  const { list } = box;
  box.header = header;
  const { names, chosen, changed, own } = header;
  const at = names.indexOf(chosen ?? "");
  const first = at < 0 ? [own] : changed ? [`${chosen}, changed`] : [];
  list.replaceChildren(...[...first, ...names].map((name) => new Option(name, name, false, name === (first[0] ?? chosen))));
  box.count.textContent = at < 0 ? "" : `${at + 1} of ${names.length}`;
  box.watch.textContent = header.watch;
  box.restore.hidden = at < 0 || !changed;
  box.root.classList.toggle("projector", header.mode === "projector");
}

/** @param {Scenes.Instance} box @param {string} name */
function choose(box, name) {
  if (!box.header.names.includes(name) || (name === box.header.chosen && !box.header.changed)) return;
  box.list.value = name;
  box.header = { ...box.header, chosen: name, changed: false }; // The next press of a quick hand starts from here.
  box.restore.hidden = true;
  box.asked = name;
  clearTimeout(box.timers.patience);
  box.timers.patience = setTimeout(() => answer(box), PATIENCE);
  window.dispatchEvent(new CustomEvent("closedloop:scene", { detail: name }));
  box.setTriggerValue("chosen", name);
}

/**
 * The next scene, or the one before; from settings of one's own, the first or the last.
 * @param {Scenes.Instance} box @param {number} step
 */
function turn(box, step) {
  const { names, chosen } = box.header;
  const at = names.indexOf(chosen ?? "");
  const next = at < 0 ? (step > 0 ? 0 : names.length - 1) : at + step;
  if (names[next]) choose(box, names[next]);
}

/** @param {Scenes.Instance} box @param {KeyboardEvent} event */
function onKey(box, event) {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (!step || event.defaultPrevented || isCommand(event) || globalThis.closedLoopLesson) return;
  const path = /** @type {Partial<Element>[]} */ (event.composedPath());
  if (path.some((element) => element.matches?.(TEXT))) return;
  event.preventDefault();
  event.stopPropagation();
  turn(box, step);
}

/** @param {Scenes.Instance} box @param {On} on */
function listen(box, on) {
  on(box.list, "input", () => choose(box, box.list.value));
  on(box.restore, "click", () => choose(box, box.header.chosen ?? ""));
  on(window, "keydown", (event) => onKey(box, event), { capture: true }); // Before what has the focus hears it.
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeBox, receive: hear, connect: listen });
}
