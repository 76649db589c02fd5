// Highlights the winner of a run: pointing at the run in one chart colours its winner's bar in another.
// Charts are told apart by the class of their container, marks by their accessible names.

const makeHighlight = () => ({ style: document.createElement("style"), header: null, run: "" });

/** One rule of style: it outlives every redrawing of the chart. @param {Highlight.Instance} highlight @param {string} run */
function highlightWinner(highlight, run) {
  const { pairs, target, colour } = highlight.header;
  highlight.run = run;
  // As a JSON string a label is a CSS string too: quotes and backslashes are escaped alike.
  const rule = pairs[run] && `.${target} [aria-label=${JSON.stringify(pairs[run])}] { fill: ${colour}; }`;
  highlight.style.textContent = rule ?? "";
}

/** @param {Highlight.Instance} highlight @param {Highlight.Header} header */
function receive(highlight, header) {
  highlight.header = header;
  highlightWinner(highlight, header.first);
}

/** @param {Highlight.Instance} highlight @param {On} on */
function listen(highlight, on) {
  document.head.append(highlight.style);
  on(document, "pointerover", ({ target }) => {
    const { source, pairs } = highlight.header;
    if (!target.closest?.(`.${source}`)) return;
    const run = target.getAttribute("aria-label");
    if (run in pairs && run !== highlight.run) highlightWinner(highlight, run);
  });
}

/** @param {Highlight.Instance} instance */
const stop = ({ style }) => style.remove();

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeHighlight, receive, connect: listen, stop });
}
