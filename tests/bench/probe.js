// The page's side of the browser bench: what is on screen after each frame, and when it changed.
// "On screen" is read in a task posted from requestAnimationFrame: it runs when the frame has been painted.

(() => {
  const PATIENCE = 20_000; // ms
  const LOOK_EVERY = 30; // frames: a canvas may come late or be replaced.
  const probe = document.createElement("canvas");
  const pen = probe.getContext("2d", { willReadFrequently: true });

  const everything = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => [element, ...(element.shadowRoot ? everything(element.shadowRoot) : [])]);
  let canvases = [];
  let age = 0;
  function playerCanvases() {
    age += 1;
    if (!canvases.length || age % LOOK_EVERY === 0 || canvases.some((canvas) => !canvas.isConnected)) {
      const player = document.querySelector(".st-key-player, .st-key-sheets");
      canvases = player ? everything(player).filter((element) => element.tagName === "CANVAS" && element.width) : [];
    }
    return canvases;
  }

  /** A hash of the pixels in every `step`-th row of the player's canvases; null while they are blank. */
  function picture(step) {
    let hash = 0;
    let sum = 0;
    for (const canvas of playerCanvases()) {
      const rows = Math.floor(canvas.height / step);
      if (probe.width < canvas.width) probe.width = canvas.width;
      if (probe.height < rows) probe.height = rows;
      pen.clearRect(0, 0, canvas.width, rows);
      for (let row = 0; row < rows; row += 1) {
        pen.drawImage(canvas, 0, row * step, canvas.width, 1, 0, row, canvas.width, 1);
      }
      const pixels = new Uint32Array(pen.getImageData(0, 0, canvas.width, rows).data.buffer);
      for (const pixel of pixels) {
        hash = Math.imul(hash ^ pixel, 16777619);
        sum |= pixel;
      }
    }
    return sum ? hash : null;
  }

  function textShown() {
    const page = document.querySelector(".st-key-language");
    return (page && everything(page).find((element) => element.matches(".said") && element.textContent?.includes(" "))?.textContent) || null;
  }

  const READERS = {
    // Every second row misses no bar, number or curve; a few rows are enough for a moving playhead.
    picture: () => picture(2),
    strips: () => picture(37),
    // The run on screen, by its name: what the server has sent.
    run: () => playerCanvases()[0]?.getRootNode().querySelector("[data-run]")?.dataset.run ?? null,
    // The first text of the page "Language".
    text: () => textShown(),
    caption: () => document.querySelector("[data-testid=stCaptionContainer]")?.textContent ?? null,
  };

  function afterPaint(task) {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = task;
      port2.postMessage(0);
    });
  }

  /** Milliseconds from the next `event` to the first painted frame that differs from what is shown now; as `answer`. */
  function arm(reader, event, answer = "answer") {
    const read = READERS[reader];
    const before = read();
    let start = null;
    window.addEventListener(event, ({ timeStamp }) => { start ??= timeStamp; }, { capture: true, once: true });
    window[answer] = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${reader} did not change after ${event}`)), PATIENCE);
      const look = () => {
        const painted = performance.now(); // Reading pixels takes longer than reading a caption.
        if (start !== null && read() !== before) resolve(painted - start);
        else afterPaint(look);
      };
      afterPaint(look);
    });
  }

  /** Painted frames and, of them, those that differ from the one before; in `seconds`. */
  function count(reader, seconds) {
    const read = reader ? READERS[reader] : () => null;
    return new Promise((resolve) => {
      let [frames, changed, last] = [0, 0, read()];
      const began = performance.now();
      const look = () => {
        frames += 1;
        const shown = read();
        changed += shown !== last;
        last = shown;
        const took = (performance.now() - began) / 1000;
        if (took < seconds) afterPaint(look);
        else resolve({ frames: frames / took, changed: changed / took });
      };
      afterPaint(look);
    });
  }

  /** Milliseconds from the navigation to the `nth` different picture on screen. */
  function alive(reader, nth) {
    const read = READERS[reader];
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`${reader} did not come alive`)), PATIENCE);
      let [last, seen] = [null, 0];
      const look = () => {
        const painted = performance.now();
        const shown = read();
        seen += shown !== null && shown !== last;
        last = shown;
        if (seen >= nth) resolve(painted);
        else afterPaint(look);
      };
      afterPaint(look);
    });
  }

  window.bench = { arm, count, alive };
})();
