// Asks for the whole page when a lost connection is back. A server that has taken over, or was started anew, knows
// nothing of this visit until then, and what the next press or dial says would be lost on it.

const STATE = "data-test-connection-state"; // Streamlit's own word for it, on the element around the page.
const watches = new WeakMap(); // By parent element: observer, and how to ask.

/** @param {MountArguments} args */
export default function ({ parentElement, setTriggerValue }) {
  const page = document.querySelector(`[${STATE}]`);
  const watch = watches.get(parentElement) ?? { observer: null, ask: null };
  watch.ask = () => setTriggerValue("back", Date.now());
  if (page && !watch.observer) {
    let isConnected = true;
    watch.observer = new MutationObserver(() => {
      const wasConnected = isConnected;
      isConnected = page.getAttribute(STATE) === "CONNECTED";
      if (isConnected && !wasConnected) watch.ask();
    });
    watch.observer.observe(page, { attributeFilter: [STATE] });
    watches.set(parentElement, watch);
  }
  return () => setTimeout(() => { if (!parentElement.isConnected) watch.observer?.disconnect(); }, 0);
}
