// Arrow keys between the parts of a lesson. Without this file the links do the same; once loaded it needs no network.
"use strict";
(() => {
  const slides = Array.from(document.querySelectorAll(".slide"));
  if (!slides.length) { return; }
  document.querySelectorAll("[data-keys]").forEach((hint) => { hint.hidden = false; });
  let here = Math.max(0, slides.findIndex((slide) => `#${slide.id}` === window.location.hash));
  const go = (to) => {
    here = Math.min(slides.length - 1, Math.max(0, to));
    const slide = slides[here];
    window.history.replaceState(null, "", `#${slide.id}`);
    slide.scrollIntoView();
    slide.querySelector("h2").focus({ preventScroll: true });
  };
  // Whoever scrolled by hand goes on from what is on the screen.
  const seen = () => {
    const middle = window.innerHeight / 2;
    const found = slides.findIndex((slide) => { const box = slide.getBoundingClientRect(); return box.top <= middle && box.bottom > middle; });
    return found < 0 ? here : found;
  };
  const onward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const steps = { ArrowLeft: -1, ArrowRight: -1, PageUp: -1, PageDown: 1, ArrowUp: -1, ArrowDown: 1, " ": 1 };
  steps[onward] = 1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) { return; }
    if (event.key === "Home" || event.key === "End") { event.preventDefault(); go(event.key === "Home" ? 0 : slides.length - 1); return; }
    // A button or a folded list in focus takes the space for itself.
    if (event.key === " " && event.target.closest("a, button, summary")) { return; }
    if (event.key in steps) { event.preventDefault(); go(seen() + steps[event.key]); }
  });
  document.querySelectorAll("[data-step]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    go(slides.findIndex((slide) => link.hash === `#${slide.id}`));
  }));
})();
