
// The saved page: it stands in for the server and the theme that the player has elsewhere.
/** @param {string} id @returns {HTMLElement} */
const partOf = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const savedRun = Uint8Array.from(atob(partOf("run").textContent), (letter) => letter.charCodeAt(0));
const showSavedRun = () => startPlayer({
  data: savedRun, parentElement: partOf("player"), setTriggerValue: () => {},
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showSavedRun);
showSavedRun();
