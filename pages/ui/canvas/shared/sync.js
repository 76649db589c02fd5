// A line between the windows of one browser: the lesson and its speaker's notes. No server hears it, nothing is kept.

const LINE = "closed-loop-lesson";

/**
 * Hear what other windows say, and say something to them.
 * @param {(message: any) => void} hear @returns {{ say(message: object): void, close(): void }}
 */
function openLine(hear) {
  if (typeof BroadcastChannel === "function") {
    const channel = new BroadcastChannel(LINE);
    channel.onmessage = ({ data }) => hear(data);
    return { say: (message) => channel.postMessage(message), close: () => channel.close() };
  }
  // Older browsers tell other windows what is written to their storage: it is removed at once.
  const onStorage = ({ key, newValue }) => { if (key === LINE && newValue) hear(JSON.parse(newValue)); };
  window.addEventListener("storage", onStorage);
  return {
    say: (message) => {
      try {
        localStorage.setItem(LINE, JSON.stringify(message));
        localStorage.removeItem(LINE);
      } catch { /* Storage may be forbidden: then the windows go on by themselves. */ }
    },
    close: () => window.removeEventListener("storage", onStorage),
  };
}
