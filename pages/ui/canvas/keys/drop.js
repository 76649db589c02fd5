// A file that is dropped anywhere on the page: it is handed to what the page does with files. Where it does nothing with
// them a file is refused, and the browser does not leave the page for it.

const MOST_BYTES = 5_000_000; // the reader takes no more: larger files stay where they are, and only their size is told

/** @param {DragEvent} event */
const holdsFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
/** Where a field of its own takes files, it gets them. @param {Event} event */
const isTaken = (event) => event.composedPath().some((element) =>
  element instanceof HTMLElement && element.matches("[data-testid=stFileUploaderDropzone]"));

/** @param {Keys.Instance} keys @param {boolean} isOver */
function invite({ parts }, isOver) {
  parts.drop.hidden = !isOver;
}

/** @param {Keys.Instance} keys @param {DragEvent} event */
function onDragOver(keys, event) {
  if (!holdsFiles(event)) return;
  event.preventDefault(); // or the browser leaves the page for the file
  invite(keys, !isTaken(event));
}

/** @param {Keys.Instance} keys @param {DragEvent} event */
function onDrop(keys, event) {
  invite(keys, false);
  const file = event.dataTransfer?.files[0];
  if (!file || isTaken(event)) return;
  event.preventDefault();
  if (!keys.takes) return;
  /** @param {string | null} data */
  const send = (data) => keys.setTriggerValue("dropped", { name: file.name, size: file.size, data });
  if (file.size > MOST_BYTES) return send(null);
  const reader = new FileReader();
  reader.onload = () => send(String(reader.result).split(",")[1] ?? "");
  reader.onerror = () => send(null);
  reader.readAsDataURL(file);
}

/** @param {Keys.Instance} keys @param {On} on */
function listenToDrops(keys, on) {
  on(window, "dragover", (event) => onDragOver(keys, event));
  on(window, "dragleave", (event) => { if (event.relatedTarget === null) invite(keys, false); });
  on(window, "drop", (event) => onDrop(keys, event));
}
