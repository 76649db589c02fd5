// The choice of a scene. The system's own list answers at once, on a phone too; PageDown and PageUp, which a
// presentation clicker sends, go from scene to scene.

const boxes = new WeakMap(); // By parent element: Streamlit calls again at every change of data or theme.
const TAKEN = "input, textarea, select, dialog, [role=dialog], [role=slider], [role=application], [contenteditable]:not([contenteditable=false])";

const PATIENCE = 6000; // ms for the page to answer a choice; then it has the last word.

function makeBox(root) {
  const find = (selector) => root.querySelector(selector);
  return {
    root, list: find("select"), count: find(".cl-scenes-count"), watch: find(".cl-scenes-watch"),
    header: null, lease: 0, asked: null, held: null, timer: 0,
  };
}

/** Show what the page says; while it has not answered the last choice, what it said before waits. */
function hear(box, header) {
  box.held = header;
  if (box.asked === null || header.chosen === box.asked) answer(box);
}

function answer(box) {
  clearTimeout(box.timer);
  box.asked = null;
  show(box, box.held);
}

function show(box, header) {
  const { list } = box;
  box.header = header;
  const at = header.names.indexOf(header.chosen);
  const names = at < 0 ? [header.own, ...header.names] : header.names;
  list.replaceChildren(...names.map((name) => new Option(name, name, false, name === (header.chosen ?? header.own))));
  box.count.textContent = at < 0 ? "" : `${at + 1} of ${names.length}`;
  box.watch.textContent = header.watch;
}

function choose(box, name) {
  if (!box.header.names.includes(name) || name === box.header.chosen) return;
  box.list.value = name;
  box.header = { ...box.header, chosen: name }; // The next press of a quick hand starts from here.
  box.asked = name;
  clearTimeout(box.timer);
  box.timer = setTimeout(() => answer(box), PATIENCE);
  window.dispatchEvent(new CustomEvent("closedloop:scene", { detail: name }));
  box.setTriggerValue("chosen", name);
}

/** The next scene, or the one before; from settings of one's own, the first or the last. */
function turn(box, step) {
  const { names, chosen } = box.header;
  const at = names.indexOf(chosen);
  const next = at < 0 ? (step > 0 ? 0 : names.length - 1) : at + step;
  if (names[next]) choose(box, names[next]);
}

function onKey(box, event) {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (!step || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  // Where these keys already mean something else, also inside a component.
  if (event.composedPath().some((element) => element.matches?.(TAKEN))) return;
  event.preventDefault();
  turn(box, step);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cl-root");
  let box = boxes.get(parentElement);
  if (box?.root !== root) {
    box?.connection?.abort();
    box = makeBox(root);
    boxes.set(parentElement, box);
  }
  const lease = (box.lease += 1);
  box.setTriggerValue = setTriggerValue;
  applyTheme(root);
  hear(box, unpack(data));
  if (!box.connection) {
    box.connection = new AbortController();
    const { signal } = box.connection;
    box.list.addEventListener("input", () => choose(box, box.list.value), { signal });
    window.addEventListener("keydown", (event) => onKey(box, event), { signal });
  }
  // Streamlit may clean up an outdated call after a newer one: only the newest may let go.
  return () => {
    if (lease !== box.lease) return;
    box.connection.abort();
    box.connection = null;
  };
}
