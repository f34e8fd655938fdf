// A lesson on the big screen: one thing at a time, as large as it fits, led by keys, a clicker or a tap.
// Without this file the screens stand one below the other, and their links work. Once loaded it needs no network.
"use strict";
(() => {
  const slides = Array.from(document.querySelectorAll(".slide"));
  if (!slides.length) { return; }
  const find = (what) => document.querySelector(`[data-${what}]`);
  const tools = find("tools"), timer = find("timer"), sand = find("sand"), blank = find("blank"), help = find("help");
  document.querySelectorAll("[data-keys], [data-tools]").forEach((each) => { each.hidden = false; });
  // A phone, or text at 400 %, has no room for one screen at a time: there they stay one below the other.
  const roomy = window.matchMedia("(min-width: 44rem) and (min-height: 26rem)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const led = () => document.body.classList.contains("led");
  const named = (hash) => slides.findIndex((slide) => `#${slide.id}` === hash);
  let here = Math.max(0, named(window.location.hash));

  // The largest letters, in shares of the screen's height, at which all of a screen is to be seen.
  const LARGEST = 0.1, SMALLEST = 0.034, WIDEST = 0.056;
  const fit = () => {
    const body = slides[here].querySelector(".slide-body");
    body.style.fontSize = "";
    body.removeAttribute("tabindex");
    if (!led()) { return; }
    let least = window.innerHeight * SMALLEST, most = Math.min(window.innerHeight * LARGEST, window.innerWidth * WIDEST);
    const fits = (size) => {
      body.style.fontSize = `${size}px`;
      return body.scrollHeight <= body.clientHeight && body.scrollWidth <= body.clientWidth;
    };
    if (!fits(most)) {
      for (let tries = 0; tries < 8; tries += 1) {
        const middle = (least + most) / 2;
        if (fits(middle)) { least = middle; } else { most = middle; }
      }
      if (!fits(least)) { body.tabIndex = 0; }
    }
  };

  const go = (to, { focus = true } = {}) => {
    here = Math.min(slides.length - 1, Math.max(0, to));
    const slide = slides[here];
    window.history.replaceState(null, "", `#${slide.id}`);
    slides.forEach((each) => each.classList.toggle("here", each === slide));
    if (!led()) { slide.scrollIntoView(); }
    fit();
    turnTo(slide);
    if (focus) { slide.querySelector("h2").focus({ preventScroll: true }); }
  };
  const arrange = () => {
    document.body.classList.toggle("led", roomy.matches);
    slides.forEach((each, place) => each.classList.toggle("here", place === here));
    fit();
  };
  // Whoever scrolled by hand goes on from what is on the screen.
  const seen = () => {
    if (led()) { return here; }
    const middle = window.innerHeight / 2;
    const found = slides.findIndex((slide) => { const box = slide.getBoundingClientRect(); return box.top <= middle && box.bottom > middle; });
    return found < 0 ? here : found;
  };

  // The time of a step: nothing until somebody starts it, and never a sound. Each step keeps what it has left.
  const left = new Map();
  let step = "", whole = 0, since = 0;
  const now = () => {
    const kept = left.has(step) ? left.get(step) : whole;
    return Math.max(0, since ? kept - (Date.now() - since) / 1000 : kept);
  };
  const stop = () => { if (since) { left.set(step, now()); since = 0; } };
  const tell = () => {
    timer.hidden = !whole;
    // With less motion wished for, it changes once a minute and every ten seconds of the last.
    const exact = Math.ceil(now()), coarse = exact > 60 ? 60 : 10;
    const shown = calm.matches ? Math.ceil(exact / coarse) * coarse : exact;
    const does = since ? "pause" : shown === 0 ? "again" : left.has(step) ? "on" : "start";
    timer.querySelector("[data-left]").textContent = `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
    timer.querySelector("[data-does]").textContent = timer.dataset[does];
    sand.hidden = !left.has(step) || !whole;
    sand.style.inlineSize = whole ? `${(100 * shown) / whole}%` : "0";
  };
  const turnTo = (slide) => {
    if (slide.dataset.of !== step) { stop(); step = slide.dataset.of; whole = 60 * Number(slide.dataset.minutes || 0); }
    tell();
  };
  const startOrPause = () => {
    if (!whole) { return; }
    if (since) { stop(); } else {
      left.set(step, now() || whole);
      since = Date.now();
    }
    tell();
  };
  const anew = () => { stop(); left.delete(step); tell(); };
  window.setInterval(() => {
    if (!since) { return; }
    if (!now()) { stop(); }
    tell();
  }, 250);

  let from = null;
  const toBlank = (dark) => {
    if (dark) { from = document.activeElement; }
    blank.hidden = !dark;
    if (dark) { blank.focus(); } else if (from) { from.focus({ preventScroll: true }); }
  };
  const toFull = () => {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen().catch(() => {}); }
  };
  const answer = () => {
    const found = slides[seen()].querySelector("details.answer");
    if (found) { found.open = !found.open; }
  };
  const acts = { blank: () => toBlank(true), full: toFull, help: () => help.showModal(), close: () => help.close() };
  document.querySelectorAll("[data-do]").forEach((each) => {
    each.hidden = each.dataset.do === "full" && !document.fullscreenEnabled;
    each.addEventListener("click", () => acts[each.dataset.do]());
  });
  timer.addEventListener("click", startOrPause);
  blank.addEventListener("click", () => toBlank(false));
  document.querySelectorAll("details.answer").forEach((each) => each.addEventListener("toggle", fit));

  const onward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const moves = { ArrowLeft: -1, ArrowRight: -1, PageUp: -1, PageDown: 1, ArrowUp: -1, ArrowDown: 1, " ": 1 };
  moves[onward] = 1;
  // "." and F5 are what the buttons of many clickers send.
  const keys = {
    b: acts.blank, ".": acts.blank, f: toFull, F5: toFull, "?": acts.help, t: startOrPause, r: anew, a: answer,
    Home: () => go(0), End: () => go(slides.length - 1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || help.open) { return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!blank.hidden) {
      if (key !== "Tab" && key !== "Shift") { event.preventDefault(); toBlank(false); }
      return;
    }
    if (event.shiftKey && key !== "?") { return; }
    // A button or a folded answer in focus takes the space for itself.
    if (key === " " && event.target.closest("a, button, summary")) { return; }
    if (key in moves) { event.preventDefault(); go(seen() + moves[key]); } else if (key in keys) { event.preventDefault(); keys[key](); }
  });
  document.querySelectorAll("[data-step]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    go(named(link.hash));
  }));
  window.addEventListener("hashchange", () => { const to = named(window.location.hash); if (to >= 0) { go(to); } });
  window.addEventListener("resize", fit);
  roomy.addEventListener("change", arrange);
  arrange();
  turnTo(slides[here]);
})();
