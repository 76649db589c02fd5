// The end of a component's definition: it puts the component where its stub (stub.js) finds it. files.py puts NAME
// (its name), STYLE (its CSS), BODY (its HTML) and mountComponent (its code) in front.

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const body = document.createElement("template");
body.innerHTML = BODY; // Our own file, no visitor's text.
// A page that is laid out anew runs this again: what is mounted by then knows the first definition, and keeps it.
(globalThis.closedLoopComponents ??= {})[NAME] ??= (args) => {
  const root = /** @type {ShadowRoot} */ (args.parentElement);
  if (!root.adoptedStyleSheets.includes(sheet)) {
    root.adoptedStyleSheets.push(sheet);
    root.append(body.content.cloneNode(true));
  }
  return mountComponent(args);
};
window.dispatchEvent(new CustomEvent("closedloop:definition", { detail: NAME }));
