// The door of a component: all of its code that travels with its data. What is behind it comes in an element of its
// own (room.js); a door that is opened before its room is there waits for it. files.py names ROOM and drops these lines.

export default (args) => {
  const enter = () => globalThis.closedLoopRooms[ROOM](args);
  if (globalThis.closedLoopRooms?.[ROOM]) return enter();
  let leave;
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
