// The door of a component: all of its code that travels with its data. What is behind it comes in an element of its
// own (room.js); a door that is opened before its room is there waits for it. files.py names ROOM.

export default (args) => {
  const enter = () => {
    const { open, sheet, body } = globalThis.closedLoopRooms[ROOM];
    const root = args.parentElement;
    if (!root.adoptedStyleSheets.includes(sheet)) {
      root.adoptedStyleSheets.push(sheet);
      root.append(body.content.cloneNode(true));
    }
    return open(args);
  };
  if (globalThis.closedLoopRooms?.[ROOM]) return enter();
  let leave = null;
  const waiting = new AbortController();
  window.addEventListener("closedloop:room", ({ detail }) => {
    if (detail !== ROOM) return;
    waiting.abort();
    leave = enter();
  }, { signal: waiting.signal });
  return () => {
    waiting.abort();
    leave?.();
  };
};
