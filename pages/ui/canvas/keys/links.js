// The links to the other pages carry the settings. To draw them anew at every change would cost a third of it: it is done
// when somebody goes for them, by pointer or by Tab.

const LINKS = ".st-key-header [data-testid=stPageLink] a";
const NOT_OURS = ["embed", "embed_options"]; // Streamlit's own: it takes them out of the settings.

/** What a query says, however it is written. @param {string} query */
function settingsIn(query) {
  const entries = [...new URLSearchParams(query)].filter(([name]) => !NOT_OURS.includes(name));
  return JSON.stringify(entries.sort());
}

/** @param {Keys.Instance} keys @param {Event} event */
function onApproach(keys, { target }) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (target).closest?.(LINKS) ?? null);
  if (!link || keys.approached === location.search || settingsIn(link.search) === settingsIn(location.search)) return;
  keys.approached = location.search;
  keys.setTriggerValue("approached", true);
}

/** @param {Keys.Instance} keys @param {On} on */
function listenToLinks(keys, on) {
  for (const type of ["pointerover", "focusin"]) on(document, type, (event) => onApproach(keys, event));
}
