// The end of a component's code, which lays it where its door (door.js) finds it. files.py names ROOM, STYLE, BODY, open.

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const body = document.createElement("template");
body.innerHTML = BODY; // Our own file, no visitor's text.
(globalThis.closedLoopRooms ??= {})[ROOM] = (args) => {
  const root = args.parentElement;
  if (!root.adoptedStyleSheets.includes(sheet)) {
    root.adoptedStyleSheets.push(sheet);
    root.append(body.content.cloneNode(true));
  }
  return open(args);
};
window.dispatchEvent(new CustomEvent("closedloop:room", { detail: ROOM }));
