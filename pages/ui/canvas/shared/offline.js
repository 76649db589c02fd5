
// The saved page: it stands in for the server and the theme that the player has elsewhere.
const savedRun = Uint8Array.from(atob(document.getElementById("run").textContent), (letter) => letter.charCodeAt(0));
const showSavedRun = () => startPlayer({
  data: savedRun, parentElement: document.getElementById("player"), setTriggerValue: () => {},
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showSavedRun);
showSavedRun();
