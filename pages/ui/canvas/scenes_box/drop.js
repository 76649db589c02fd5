// A file that is dropped anywhere on the page: it is handed to the reader, which says what it understood.

const MOST_BYTES = 5_000_000; // the reader takes no more: larger files stay where they are, and only their size is told

/** @param {DragEvent} event */
const holdsFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
/** Where a field of its own takes files, it gets them. @param {Event} event */
const isTaken = (event) => event.composedPath().some((element) =>
  element instanceof HTMLElement && element.matches("[data-testid=stFileUploaderDropzone]"));

/** @param {Scenes.Instance} box @param {boolean} isOver */
function invite(box, isOver) {
  box.drop.hidden = !isOver;
}

/** @param {Scenes.Instance} box @param {DragEvent} event */
function onDragOver(box, event) {
  if (!holdsFiles(event)) return;
  event.preventDefault(); // or the browser leaves the page for the file
  invite(box, !isTaken(event));
}

/** @param {Scenes.Instance} box @param {DragEvent} event */
function onDrop(box, event) {
  invite(box, false);
  const file = event.dataTransfer?.files[0];
  if (!file || isTaken(event)) return;
  event.preventDefault();
  /** @param {string | null} data */
  const send = (data) => box.setTriggerValue("dropped", { name: file.name, size: file.size, data });
  if (file.size > MOST_BYTES) return send(null);
  const reader = new FileReader();
  reader.onload = () => send(String(reader.result).split(",")[1] ?? "");
  reader.onerror = () => send(null);
  reader.readAsDataURL(file);
}

/** @param {Scenes.Instance} box @param {On} on */
function listenToDrops(box, on) {
  on(window, "dragover", (event) => onDragOver(box, event));
  on(window, "dragleave", (event) => { if (event.relatedTarget === null) invite(box, false); });
  on(window, "drop", (event) => onDrop(box, event));
}
