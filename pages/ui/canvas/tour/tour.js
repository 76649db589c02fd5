// The guided tour: the task that comes next, hints in two steps, and all tasks with those that are done. The page says
// what is done; only that a run was watched to its end is seen here.

const HINT_WORDS = ["Hint", "One more hint", "No more hints"];

function makeTour(root) {
  const find = (selector) => root.querySelector(selector);
  const names = ["number", "done", "title", "text", "hint", "help", "all", "leave", "tasks"];
  const parts = Object.fromEntries(names.map((name) => [name, find(`.${name}`)]));
  return { parts, header: null, hints: 0, hasStarted: false, finished: "", isOpen: false };
}

/** @param {Tour.Instance} tour @param {Tour.Header} header */
function receive(tour, header) {
  const before = tour.header;
  if (before && before.current !== header.current) {
    const done = header.tasks.filter((task, at) => task.isDone && !before.tasks[at].isDone);
    tour.hints = 0;
    tour.finished = done.map(({ title }) => title).join(", ");
  }
  tour.header = header;
}

/** @param {Tour.Instance} tour */
function showTour(tour) {
  const { root, parts, header, hints, finished, isOpen } = tour;
  const { tasks, current, page } = header;
  root.classList.toggle("projector", sizeName(header.mode, root.clientWidth) === "projector");
  const task = current === null ? null : tasks[current];
  setText(parts.number, `${tasks.filter(({ isDone }) => isDone).length} of ${tasks.length} done`);
  setText(parts.done, finished ? `✓ ${finished}.` : "");
  setText(parts.title, task ? `${task.title}.` : "That was all.");
  const where = task && task.page !== page ? ` (on the page ${task.page})` : "";
  setText(parts.text, task ? task.text + where : "You have seen the loop from the first touch to hysteresis.");
  setText(parts.hint, task ? task.hints.slice(0, hints).join(" ") : "");
  parts.help.hidden = task === null;
  parts.help.disabled = hints === 2;
  setText(parts.help, HINT_WORDS[hints]);
  parts.all.setAttribute("aria-expanded", String(isOpen));
  parts.tasks.hidden = !isOpen;
  parts.tasks.replaceChildren(...tasks.map(({ title, isDone }) => {
    const item = document.createElement("li");
    item.className = isDone ? "isDone" : "";
    item.textContent = isDone ? `${title} ✓ done` : title;
    return item;
  }));
}

/** A run counts as watched once the playhead has been before its end and then there. @param {Tour.Instance} tour */
function onPlayhead(tour, { generation }) {
  const { header } = tour;
  if (generation < header.generations) tour.hasStarted = true;
  else if (tour.hasStarted && !header.tasks[0].isDone) {
    tour.hasStarted = false;
    tour.setTriggerValue("played", true);
  }
}

/** @param {Tour.Instance} tour @param {On} on */
function listen(tour, on) {
  const { parts } = tour;
  on(window, "closedloop:playhead", ({ detail }) => onPlayhead(tour, detail));
  on(parts.help, "click", () => {
    tour.hints += 1;
    showTour(tour);
  });
  on(parts.all, "click", () => {
    tour.isOpen = !tour.isOpen;
    showTour(tour);
  });
  on(parts.leave, "click", () => tour.setTriggerValue("leave", true));
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeTour, receive, connect: listen, show: showTour, refresh: showTour });
}
