// The speaker's window. It holds the whole lesson, and hears from the lesson's window which step is on screen; its own
// buttons and keys turn that window's steps (shared/sync.js).

const CLICKER = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };
const TICK = 500; // ms
const SILENT = 1500; // ms without a word: there is no other window

function makeNotes(root) {
  const find = (selector) => root.querySelector(selector);
  const names = ["number", "title", "spent", "plan", "reset", "state", "setup", "question", "text", "moral", "next", "next-title",
    "next-page", "next-setup", "back", "on"];
  const parts = Object.fromEntries(names.map((name) => [name, find(`.${name}`)]));
  return { parts, header: null, number: 1, isOpen: false, isHeard: false, started: performance.now(), line: null, timers: { tick: 0, silent: 0 } };
}

/** @param {Notes.Instance} notes @param {Notes.Header} header */
function receive(notes, header) {
  notes.header = header;
  notes.number = header.number;
}

/** @param {Notes.Instance} notes */
function showNotes(notes) {
  const { parts, header, number, isOpen, isHeard } = notes;
  const step = header.steps[number - 1];
  const next = header.steps[number];
  setText(parts.number, `${number} / ${header.steps.length}`);
  for (const name of ["title", "setup", "question", "moral"]) setText(parts[name], step[name]);
  setText(parts.text, step.notes);
  setText(parts.state, !isHeard ? "The lesson’s window has not answered: is it open in this browser?"
    : isOpen ? "On screen: the question, the answer hidden." : "In step with the lesson’s window.");
  setText(parts["next-title"], next ? next.title : "The end");
  setText(parts["next-page"], next ? next.page : "");
  setText(parts["next-setup"], next ? next.question || next.setup : "");
  setText(parts.plan, `planned: ${clockText(step.begins * 60)} to ${clockText((step.begins + step.minutes) * 60)} of ${clockText(header.minutes * 60)}`);
  showClock(notes);
}

/** Minutes and seconds. */
const clockText = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {Notes.Instance} notes */
function showClock(notes) {
  setText(notes.parts.spent, clockText((performance.now() - notes.started) / 1000));
  clearTimeout(notes.timers.tick);
  notes.timers.tick = setTimeout(() => showClock(notes), TICK);
}

/** @param {Notes.Instance} notes */
function hear(notes, { lesson, number, isOpen }) {
  const { header } = notes;
  if (lesson !== header.lesson || !header.steps[number - 1]) return;
  clearTimeout(notes.timers.silent);
  Object.assign(notes, { number, isOpen, isHeard: true });
  showNotes(notes);
}

/** @param {Notes.Instance} notes */
function turn(notes, by) {
  notes.line?.say({ lesson: notes.header.lesson, by });
  clearTimeout(notes.timers.silent);
  notes.timers.silent = setTimeout(() => { notes.isHeard = false; showNotes(notes); }, 4 * SILENT);
}

/** @param {Notes.Instance} notes @param {On} on */
function listen(notes, on) {
  const { parts } = notes;
  notes.line = openLine((message) => hear(notes, message));
  notes.line.say({ lesson: notes.header.lesson, hello: true });
  on(window, "keydown", (event) => {
    const by = CLICKER[event.key];
    if (!by || isCommand(event) || event.repeat) return;
    event.preventDefault();
    turn(notes, by);
  });
  on(parts.back, "click", () => turn(notes, -1));
  on(parts.on, "click", () => turn(notes, 1));
  on(parts.reset, "click", () => { notes.started = performance.now(); showClock(notes); });
}

/** @param {Notes.Instance} notes */
function stopNotes(notes) {
  notes.line?.close();
  notes.line = null;
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeNotes, receive, connect: listen, show: showNotes, stop: stopNotes });
}
