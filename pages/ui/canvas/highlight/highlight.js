// Highlights the winner of a run: pointing at the run in one chart colours its winner's bar in another.
// Charts are told apart by the class of their container, marks by their accessible names.

const highlights = new WeakMap();

function makeHighlight(parentElement) {
  const document = parentElement.ownerDocument;
  const style = document.head.appendChild(document.createElement("style"));
  return { document, style, lease: 0, header: null, run: "" };
}

/** One rule of style: it outlives every redrawing of the chart. */
function highlightWinner(highlight, run) {
  const { pairs, target, colour } = highlight.header;
  highlight.run = run;
  // As a JSON string a label is a CSS string too: quotes and backslashes are escaped alike.
  const rule = pairs[run] && `.${target} [aria-label=${JSON.stringify(pairs[run])}] { fill: ${colour}; }`;
  highlight.style.textContent = rule ?? "";
}

function connectHighlight(highlight) {
  highlight.connection = new AbortController();
  highlight.document.addEventListener("pointerover", (event) => {
    if (!event.target.closest?.(`.${highlight.header.source}`)) return;
    const run = event.target.getAttribute("aria-label");
    if (run in highlight.header.pairs && run !== highlight.run) highlightWinner(highlight, run);
  }, { signal: highlight.connection.signal });
}

export default function ({ data, parentElement }) {
  const highlight = highlights.get(parentElement) ?? makeHighlight(parentElement);
  highlights.set(parentElement, highlight);
  const lease = (highlight.lease += 1);
  highlight.header = unpack(data);
  if (!highlight.style.isConnected) highlight.document.head.append(highlight.style);
  if (!highlight.connection) connectHighlight(highlight);
  highlightWinner(highlight, highlight.header.first);
  return () => {
    if (lease !== highlight.lease) return;
    highlight.connection.abort();
    highlight.connection = null;
    highlight.style.remove();
  };
}
