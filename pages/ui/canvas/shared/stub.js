// The stub of a component: all of its code that travels with every change of its data. The component itself is defined by
// the page's bundle (definition.js); a stub that runs before the definition is there waits for it. files.py puts NAME,
// that of the component, in front and drops these comments.

/** @param {MountArguments} args */
export default (args) => {
  const found = () => globalThis.closedLoopComponents?.[NAME];
  if (found()) return found()?.(args);
  let leave;
  const waiting = new AbortController();
  window.addEventListener("closedloop:definition", ({ detail }) => {
    if (detail !== NAME) return;
    waiting.abort();
    leave = found()?.(args);
  }, { signal: waiting.signal });
  return () => {
    waiting.abort();
    leave?.();
  };
};
