// Pointing at a run in one chart lights its winner's bar in another.
// Charts are told apart by the class of their container, marks by their accessible names.

const lights = new WeakMap();

function makeLight(parentElement) {
  const document = parentElement.ownerDocument;
  const style = document.head.appendChild(document.createElement("style"));
  return { document, style, lease: 0, header: null, named: "" };
}

/** One rule of style: it outlives every redrawing of the chart. */
function shine(light, name) {
  const { pairs, target, colour } = light.header;
  light.named = name;
  // As a JSON string a label is a CSS string too: quotes and backslashes are escaped alike.
  const rule = pairs[name] && `.${target} [aria-label=${JSON.stringify(pairs[name])}] { fill: ${colour}; }`;
  light.style.textContent = rule ?? "";
}

function connectLight(light) {
  light.connection = new AbortController();
  light.document.addEventListener("pointerover", (event) => {
    if (!event.target.closest?.(`.${light.header.source}`)) return;
    const name = event.target.getAttribute("aria-label");
    if (name in light.header.pairs && name !== light.named) shine(light, name);
  }, { signal: light.connection.signal });
}

export default function ({ data, parentElement }) {
  const light = lights.get(parentElement) ?? makeLight(parentElement);
  lights.set(parentElement, light);
  const lease = (light.lease += 1);
  light.header = unpack(data);
  if (!light.style.isConnected) light.document.head.append(light.style);
  if (!light.connection) connectLight(light);
  shine(light, light.header.first);
  return () => {
    if (lease !== light.lease) return;
    light.connection.abort();
    light.connection = null;
    light.style.remove();
  };
}
