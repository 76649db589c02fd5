// The links to the other pages carry the settings. To draw them anew at every change would cost a third of it: where they
// lag behind it is done when somebody goes for them, by pointer or by Tab, and a press waits until they have followed.

const LINKS = ".st-key-header [data-testid=stPageLink] a";
const NOT_OURS = ["embed", "embed_options"]; // Streamlit's own: it takes them out of the settings.
const MOST_LOOKS = 300; // frames: then the link is followed as it is

/** What a query says, however it is written. @param {string} query */
function settingsIn(query) {
  const entries = [...new URLSearchParams(query)].filter(([name]) => !NOT_OURS.includes(name));
  return JSON.stringify(entries.sort());
}

/** @param {HTMLAnchorElement} link */
const isBehind = (link) => settingsIn(link.search) !== settingsIn(location.search);

/** The link that an event is about, if it is behind. @param {Keys.Instance} keys @param {Event} event */
function linkBehind({ lags }, { target }) {
  const link = lags && /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (target).closest?.(LINKS));
  return link && isBehind(link) ? link : null;
}

/** @param {Keys.Instance} keys */
function askForLinks(keys) {
  if (keys.approached === location.search) return;
  keys.approached = location.search;
  keys.setTriggerValue("approached", true);
}

/**
 * Streamlit follows its own copy of a link: it gets the press when that has followed. Another tab gets the address at once.
 * @param {Keys.Instance} keys @param {MouseEvent} event
 */
function onPress(keys, event) {
  const link = linkBehind(keys, event);
  if (!link) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) {
    link.search = location.search;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  keys.approached = "";
  askForLinks(keys);
  const name = link.textContent;
  const look = (left) => {
    const all = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(LINKS)]);
    const now = all.find((one) => one.textContent === name);
    if (left > 0 && (!now || isBehind(now))) {
      requestAnimationFrame(() => look(left - 1));
      return;
    }
    if (left === 0) keys.lags = false; // It has not come: the press goes through.
    now?.click();
  };
  look(MOST_LOOKS);
}

/** @param {Keys.Instance} keys @param {On} on */
function listenToLinks(keys, on) {
  for (const type of ["pointerover", "focusin"]) on(document, type, (event) => { if (linkBehind(keys, event)) askForLinks(keys); });
  for (const type of ["click", "auxclick"]) on(document, type, (event) => onPress(keys, event), { capture: true });
}
