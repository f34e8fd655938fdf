// Small helpers: making elements, asking the server, telling the time.

/** Make an element. Children are nodes or texts; a text never becomes markup. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let number = 0;
export const freshId = (stem) => `${stem}-${(number += 1)}`;

/** Replace the children of `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(9).filter(Boolean));
}

/** Send an act; answers the sentence of a refusal, or "". */
export async function act(body) {
  try {
    const answer = await fetch("act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json();
    return told.ok ? "" : told.error;
  } catch {
    return "The playground does not answer. Is it still running?";
  }
}

export function announce(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  status.classList.toggle("shown", Boolean(text));
}

let zone = "Europe/London";
export function setZone(name) {
  zone = name;
}
export function shortTime(iso) {
  return new Date(iso).toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
}
export function day(iso) {
  const parts = { timeZone: zone, weekday: "long", day: "numeric", month: "long" };
  return new Date(iso).toLocaleDateString("en-GB", parts);
}
export function longTime(iso) {
  const year = new Date(iso).toLocaleDateString("en-GB", { timeZone: zone, year: "numeric" });
  return `${day(iso)} ${year}, ${shortTime(iso)}`;
}

/** A round face: the bot's sign, or a person's initials on their colour. */
export function face(user) {
  if (user.is_bot) return h("img", { class: "face", src: "static/icon.svg", alt: "" });
  const initials = user.name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  const node = h("span", { class: "face", "aria-hidden": "true" }, initials);
  let hash = 0;
  for (const letter of user.id) hash = (hash * 31 + letter.codePointAt(0)) % 360;
  node.style.setProperty("--hue", hash);
  return node;
}

/** A link only to where a link may lead. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:|\/(?!\/))/i.test(String(url)) ? String(url) : null;
}

/** Keep a list in step with keyed items: what is the same stays, so that focus and reading position stay too. */
export function keep(list, items, keyOf, make) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const held = list.contains(document.activeElement) ? document.activeElement.closest("[data-focus]") : null;
  const wanted = held?.dataset.focus;
  items.forEach((item, place) => {
    const key = keyOf(item);
    const print = JSON.stringify(item);
    let node = old.get(key);
    if (!node || node.print !== print) {
      const made = make(item);
      made.dataset.key = key;
      made.print = print;
      if (node) node.replaceWith(made);
      node = made;
    }
    old.delete(key);
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
  });
  for (const node of old.values()) node.remove();
  if (wanted && !list.contains(document.activeElement)) {
    const again = [...list.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === wanted);
    (again ?? list.closest("[tabindex]") ?? list).focus({ preventScroll: true });
  }
}

const LABEL = 18; // pixels by which a day's label stands above its message

/** Scroll to the newest message: to its end, or to its beginning where it is longer than the window. */
export function showNewest(log, list) {
  const last = list.lastElementChild;
  const long = last && last.offsetHeight > log.clientHeight;
  log.scrollTop = long ? log.scrollTop + last.getBoundingClientRect().top - log.getBoundingClientRect().top - (last.querySelector(".day") ? LABEL : 0) : log.scrollHeight;
}

/** Ask before doing something, as Slack's `confirm` does. */
export function confirmed(asked) {
  return new Promise((resolve) => {
    const heading = freshId("confirm");
    const close = (answer) => () => dialog.close(answer);
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-labelledby": heading },
      h("h2", { id: heading }, asked.title.text),
      h("p", {}, asked.text.text),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", onclick: close("") }, asked.deny.text),
        h("button", { type: "button", class: asked.style === "danger" ? "danger" : "primary", onclick: close("yes") }, asked.confirm.text),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A composer: Enter sends, Shift and Enter begins a new line; what was refused stays. */
export function composer({ label, placeholder, send }) {
  const id = freshId("write");
  const area = h("textarea", { id, rows: 1, placeholder, autocomplete: "off" });
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 140)}px`;
  };
  const go = async () => {
    const text = area.value;
    if (!text.trim()) return;
    area.value = "";
    grow();
    if (!(await send(text)) && !area.value) area.value = text;
  };
  area.addEventListener("input", grow);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    }
  });
  const form = h(
    "form",
    { class: "composer", onsubmit: (event) => { event.preventDefault(); go(); } },
    h("label", { for: id, class: "unseen" }, label),
    area,
    h("button", { class: "primary" }, "Send"),
  );
  return { form, area, label: form.querySelector("label") };
}

/** A button that opens a short list below or above it; Escape closes it. */
export function menu(label, entries, props = {}) {
  const details = h("details", { class: `menu ${props.class ?? ""}` }, h("summary", { data: { focus: props.focus ?? label } }, label));
  const choose = (run) => () => {
    details.open = false;
    details.querySelector("summary").focus();
    run();
  };
  details.append(h("div", { class: "menu-list" }, entries.map((entry) => h("button", { type: "button", onclick: choose(entry.run) }, entry.text))));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  });
  details.addEventListener("focusout", (event) => {
    if (!details.contains(event.relatedTarget)) details.open = false;
  });
  return details;
}
