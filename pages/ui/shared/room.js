// The end of a component's code, which lays it where its door (door.js) finds it. files.py names ROOM, STYLE, BODY, open.

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const body = document.createElement("template");
body.innerHTML = BODY; // Our own file, no visitor's text.
(globalThis.closedLoopRooms ??= {})[ROOM] = { open, sheet, body };
window.dispatchEvent(new CustomEvent("closedloop:room", { detail: ROOM }));
