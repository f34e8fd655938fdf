// The page: four people's screens and the school's clock, kept in step with /state.
import { act, announce, freshId, h, longTime, safeUrl, setZone } from "./dom.js";
import { SlackPane } from "./slack.js";
import { TelegramPane } from "./telegram.js";

const WIDE = matchMedia("(min-width: 47.5rem)");
const views = [];
let links = {};

const adults = (state) => Object.values(state.slack).map((each) => each.user).filter((user) => !user.is_pupil).map((user) => person("slack", user.id, user.name));
const pupils = (state) => Object.values(state.slack).map((each) => each.user).filter((user) => user.is_pupil).map((user) => person("slack", user.id, user.name));
const onTelegram = (state) => Object.values(state.telegram).map((each) => person("telegram", String(each.person.id), each.person.first_name));
const person = (where, id, name) => ({ where, id, name, key: `${where}:${id}` });

const ROLES = [
  { id: "teacher", title: "Teacher", on: "Slack", people: adults, first: (all) => all[0] },
  { id: "parent", title: "Parent", on: "Telegram", people: onTelegram, first: (all) => all[0] },
  {
    id: "pupil", title: "Pupil", on: "Direct messages",
    people: (state) => [...pupils(state), ...onTelegram(state).map((each) => ({ ...each, name: `${each.name} (Telegram)` }))],
    first: (all) => all.find((each) => each.where === "slack") ?? all.at(-1),
  },
  { id: "lead", title: "Safeguarding lead", on: "Inbox and Slack", people: adults, first: (all) => all.at(-1) },
];

class View {
  constructor(role) {
    this.role = role;
    const heading = freshId("view");
    const select = freshId("who");
    this.select = h("select", { id: select, onchange: () => this.choose(this.select.value) });
    this.stage = h("div", { class: "stage" });
    this.root = h(
      "section",
      { class: `view ${role.id}`, id: `view-${role.id}`, "aria-labelledby": heading },
      h("header", { class: "view-head" }, h("h2", { id: heading }, role.title, h("span", { class: "on" }, role.on)), h("label", { for: select, class: "unseen" }, `Who is the ${role.title.toLowerCase()}?`), this.select),
      this.stage,
    );
    this.heading = heading;
    this.tab = h("button", { type: "button", role: "tab", id: `tab-${role.id}`, "aria-controls": this.root.id, onclick: () => pick(this) }, role.title);
    this.panes = {};
  }

  show(state) {
    this.state = state;
    const people = this.role.people(state);
    const print = JSON.stringify(people);
    if (print !== this.print) {
      this.print = print;
      this.select.replaceChildren(...people.map((each) => h("option", { value: each.key }, each.name)));
      const wanted = links[this.role.id];
      const first = people.find((each) => each.key === this.key) ?? people.find((each) => each.id === wanted || each.key === wanted) ?? this.role.first(people);
      this.key = first?.key;
      this.select.value = this.key ?? "";
    }
    this.draw();
  }

  choose(key) {
    this.key = key;
    this.draw();
  }

  draw() {
    if (!this.card && this.role.id === "lead") this.stage.before((this.card = leadCard()));
    if (!this.key) return this.stage.replaceChildren(h("p", { class: "empty" }, "There is nobody here."));
    const [where, ...rest] = this.key.split(":");
    const pane = (this.panes[where] ??= where === "slack" ? new SlackPane({ whose: this.role.title, ...slackOptions() }) : new TelegramPane({ whose: this.role.title, invite: links.invite }));
    if (this.stage.firstChild !== pane.root) this.stage.replaceChildren(pane.root);
    this.pane = pane;
    pane.show(this.state[where][rest.join(":")]);
  }
}

function leadCard() {
  const entry = (name, text, about) => {
    const href = links[name] && safeUrl(links[name]);
    return href && h("li", {}, h("a", { class: "button", href, target: "_blank", rel: "noopener" }, text), h("span", { class: "soft" }, about));
  };
  return h("ul", { class: "card" }, entry("inbox", "Open the inbox", "Read and acknowledge reports"), entry("report", "Open the report form", "As a child without an account sees it"));
}

function slackOptions() {
  const named = (stem) => Object.entries(links).filter(([key]) => key.startsWith(stem)).map(([key, label]) => ({ id: key.slice(stem.length), label }));
  return { shortcuts: named("shortcut:"), messageShortcuts: named("message_shortcut:") };
}

// On a phone one view at a time, behind tabs; on a wide screen all of them.
function pick(view, focus = false) {
  for (const each of views) {
    const here = each === view;
    each.tab.setAttribute("aria-selected", String(here));
    each.tab.tabIndex = here ? 0 : -1;
    const wasHidden = each.root.hidden;
    each.root.hidden = !WIDE.matches && !here;
    if (wasHidden && !each.root.hidden) each.pane?.newest(); // nothing scrolls while it is hidden
  }
  if (focus) view.tab.focus();
}

function arrange() {
  document.getElementById("tabs").hidden = WIDE.matches;
  document.getElementById("clock-tools").open = WIDE.matches;
  for (const view of views) {
    if (WIDE.matches) view.root.removeAttribute("role");
    else view.root.setAttribute("role", "tabpanel");
    view.root.setAttribute("aria-labelledby", WIDE.matches ? view.heading : view.tab.id);
  }
  pick(views.find((view) => view.tab.getAttribute("aria-selected") === "true") ?? views[0]);
}

function buildViews() {
  const tabs = document.getElementById("tabs");
  for (const role of ROLES) {
    const view = new View(role);
    views.push(view);
    tabs.append(view.tab);
    document.getElementById("views").append(view.root);
  }
  tabs.addEventListener("keydown", (event) => {
    const here = views.findIndex((view) => view.tab === document.activeElement);
    const step = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    pick(views.at(step % views.length), true);
  });
  WIDE.addEventListener("change", arrange);
  arrange();
}

function buildClock() {
  const move = async (what, said) => {
    const refused = await act({ where: "clock", ...what });
    announce(refused || said || "");
  };
  for (const button of document.querySelectorAll("[data-clock]")) button.addEventListener("click", () => move(JSON.parse(button.dataset.clock)));
  document.getElementById("clock-set").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ act: "set", to: document.getElementById("clock-to").value });
  });
}

let shownTime = "";
function showClock(iso) {
  const text = longTime(iso);
  if (text === shownTime) return;
  shownTime = text;
  const now = document.getElementById("now");
  now.textContent = text;
  now.dateTime = iso;
  const field = document.getElementById("clock-to");
  if (document.activeElement !== field) field.value = iso.slice(0, 16);
}

async function follow() {
  let rev = 0;
  for (;;) {
    try {
      const answer = await fetch(`state?since=${rev}`);
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const state = await answer.json();
      const lost = rev === -1;
      rev = state.rev;
      links = state.about.links;
      setZone(state.about.timezone);
      document.getElementById("note").textContent = state.about.note;
      showClock(state.clock);
      for (const view of views) view.show(state);
      document.body.dataset.ready = String(rev);
      if (lost) announce("");
    } catch (error) {
      console.error(error);
      rev = -1;
      announce("The playground does not answer. Trying again…");
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

buildViews();
buildClock();
follow();
