// Tells the page that the run is on screen: what frames it is sent after that. What reaches a browser together is drawn
// together, and the run would have to wait for two dozen elements.

const PATIENCE = 2000; // ms: where no run comes, or nobody looks at the tab, the rest of the page comes all the same.

/** @param {MountArguments} args */
export default ({ setTriggerValue }) => {
  const waiting = new AbortController();
  const { signal } = waiting;
  const tell = () => {
    if (signal.aborted) return;
    waiting.abort();
    setTriggerValue("painted", true);
  };
  const timer = setTimeout(tell, PATIENCE);
  signal.addEventListener("abort", () => clearTimeout(timer));
  // A player tells its playhead in the frame that it draws; in the next one this has been painted.
  const afterFrame = () => requestAnimationFrame(() => requestAnimationFrame(tell));
  window.addEventListener("closedloop:playhead", afterFrame, { once: true, signal });
  window.dispatchEvent(new CustomEvent("closedloop:ask"));
  return () => waiting.abort();
};
