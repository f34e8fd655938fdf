// Leaving fast, and a kiosk that clears itself. Everything works without this file; nothing is stored.
"use strict";
(() => {
  const exit = document.querySelector("[data-exit]");
  const empty = () => document.querySelectorAll("form").forEach((form) => form.reset());
  const leave = () => {
    document.body.hidden = true;
    empty();
    // Replaced, so that the back button does not lead here.
    window.location.replace(exit.href);
  };
  if (exit) {
    const left = document.querySelector("[data-exit-left]");
    document.querySelector("[data-exit-hint]").hidden = false;
    exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    let presses = [];
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) { if (event.key !== "Escape") { presses = []; } return; }
      presses = presses.filter((at) => event.timeStamp - at < 5000).concat(event.timeStamp);
      if (presses.length >= 3) { leave(); } else { left.textContent = left.dataset.words + "\u00a0".repeat(presses.length); }
    });
  }
  // A page that comes back from the browser's memory shows nobody else's words.
  window.addEventListener("pageshow", (event) => { if (event.persisted) { empty(); } });

  const problem = document.querySelector(".problem");
  if (problem) { problem.focus(); }

  const clear = document.querySelector("[data-kiosk-clear]");
  if (clear) {
    const count = clear.querySelector("[data-count]");
    const more = clear.querySelector("[data-more]");
    let seconds = Number(clear.dataset.kioskClear);
    const show = () => { count.textContent = count.dataset.words.replace("{seconds}", String(seconds)); };
    count.hidden = more.hidden = false;
    show();
    more.addEventListener("click", () => { seconds += 120; show(); });
    window.setInterval(() => { seconds -= 1; show(); if (seconds <= 0) { window.location.replace(clear.dataset.fresh); } }, 1000);
  }
  const idle = document.querySelector("[data-kiosk-idle]");
  if (idle) {
    let timer = 0;
    const touched = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => { empty(); window.location.replace(idle.dataset.fresh); }, 1000 * Number(idle.dataset.kioskIdle));
    };
    ["keydown", "pointerdown", "pointermove", "input", "scroll"].forEach((kind) => document.addEventListener(kind, touched, { passive: true }));
    touched();
  }
})();
