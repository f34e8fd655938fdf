// One person's Slack.
import { act, announce, composer, day, face, fill, freshId, h, keep, menu, shortTime, showNewest } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { mrkdwn } from "./text.js";

const HOME = "home";

export class SlackPane {
  constructor({ whose, shortcuts = [], messageShortcuts = [], place = null }) {
    this.shortcuts = shortcuts;
    this.messageShortcuts = messageShortcuts;
    this.place = place;
    this.user = null;
    this.modalPrint = this.homePrint = null;
    this.fields = [];
    this.mayFocus = 0;
    this.places = h("ul", { class: "places-list" });
    this.nav = h("nav", { class: "places", "aria-label": `${whose}: channels` }, this.places);
    this.list = h("ol", { class: "messages" });
    this.log = h("div", { class: "log", role: "log", tabindex: 0, "aria-label": "Messages" }, this.list);
    this.home = h("div", { class: "log app-home", role: "region", tabindex: 0, "aria-label": `${whose}: App Home`, hidden: true });
    this.composer = composer({ label: "Message", placeholder: "Message or /command", send: (text) => this.send(text) });
    this.hints = h("div", { class: "hints" });
    this.foot = h("div", { class: "foot" }, this.hints, this.composer.form);
    this.toast = h("div", { class: "toast", role: "status" });
    this.body = h("div", { class: "pane-body" }, this.nav, h("div", { class: "talk" }, this.log, this.home, this.foot));
    this.shade = h("div", { class: "shade", hidden: true });
    this.root = h("div", { class: "pane slack" }, this.body, this.toast, this.shade);
  }

  async do(name, more = {}) {
    this.mayFocus = Date.now() + 8000;
    const refused = await act({ where: "slack", user: this.user, act: name, ...more });
    announce(refused);
    return !refused;
  }

  send(text) {
    const command = /^\/[\w-]+/.exec(text.trim());
    const channel = this.place;
    if (!command) return this.do("say", { channel, text });
    return this.do("slash", { command: command[0], text: text.trim().slice(command[0].length).trim(), channel });
  }

  show(snapshot) {
    if (!snapshot) return;
    if (this.user !== snapshot.user.id) {
      if (this.user) this.place = null;
      this.seen = new Map();
      this.user = snapshot.user.id;
      this.modalPrint = this.homePrint = null;
      this.list.replaceChildren();
    }
    this.snapshot = snapshot;
    const dm = snapshot.channels.find((channel) => channel.kind === "im");
    const known = this.place === HOME || snapshot.channels.some((channel) => channel.id === this.place);
    if (!known) this.place = this.liveliest(dm);
    this.drawPlaces(dm);
    this.drawHints();
    this.drawTalk(); // after the hints: they say how much room there is
    this.drawToasts(snapshot.toasts);
    this.drawModal(snapshot.modal);
  }

  /** Where a person looks first: the bot's own chat, or the place with the newest message while that is empty. */
  liveliest(dm) {
    const when = (channel) => channel.messages.at(-1)?.at ?? "";
    return dm.messages.length ? dm.id : this.snapshot.channels.reduce((best, each) => (when(each) > when(best) ? each : best), dm).id;
  }

  newest() {
    showNewest(this.log, this.list);
  }

  isFresh(channel) {
    const last = channel.messages.at(-1);
    return Boolean(last) && channel.id !== this.place && last.ts !== this.seen.get(channel.id);
  }

  get context() {
    return { users: [this.snapshot.bot, ...this.snapshot.users], channels: this.snapshot.channels.filter((each) => each.kind !== "im") };
  }

  drawPlaces(dm) {
    const places = [
      { id: HOME, name: "Home" },
      { id: dm.id, name: this.snapshot.bot.name, fresh: this.isFresh(dm) },
      ...this.snapshot.channels.filter((channel) => channel !== dm && !channel.archived).map((channel) => ({ id: channel.id, name: `# ${channel.name}`, fresh: this.isFresh(channel) })),
    ].map((place) => ({ ...place, here: place.id === this.place }));
    keep(this.places, places, (place) => place.id, (place) =>
      h("li", {}, h("button", { type: "button", data: { focus: place.id }, "aria-current": place.here ? "true" : undefined, onclick: () => this.go(place.id, dm.id) }, place.name, place.fresh && h("span", { class: "fresh" }, h("span", { class: "unseen" }, " (new)")))),
    );
  }

  go(place, dm) {
    this.place = place;
    this.list.replaceChildren();
    this.show(this.snapshot);
    if (place === HOME) this.do("open_home", { tab: "home" });
    else if (place === dm) this.do("open_home", { tab: "messages" });
  }

  drawTalk() {
    const atHome = this.place === HOME;
    this.home.hidden = !atHome;
    this.log.hidden = this.foot.hidden = atHome;
    if (atHome) return this.drawHome();
    const channel = this.snapshot.channels.find((each) => each.id === this.place);
    this.seen.set(channel.id, channel.messages.at(-1)?.ts);
    const named = channel.kind === "im" ? channel.name : `#${channel.name}`;
    this.composer.label.textContent = `Message to ${named}`;
    this.composer.area.placeholder = "Message or /command";
    this.log.setAttribute("aria-label", `Messages in ${named}`);
    const before = this.list.lastElementChild?.dataset.key;
    const shown = channel.messages.map((message, place) => ({ ...message, day: day(message.at) !== day(channel.messages[place - 1]?.at ?? 0) }));
    keep(this.list, shown, (message) => message.ts, (message) => this.drawMessage(channel, message));
    if (!shown.length) this.list.append(h("li", { class: "empty", data: { key: "empty" } }, this.hints.children.length ? "Nothing here yet. Try a command." : "Nothing here yet."));
    if (this.list.lastElementChild?.dataset.key !== before) showNewest(this.log, this.list);
  }

  drawMessage(channel, message) {
    const context = {
      ...this.context,
      values: message.state.values,
      act: (block, element, value) =>
        this.do("press", { channel: channel.id, ts: message.ts, action_id: element.action_id, value, block_id: block.block_id }),
    };
    const words = message.blocks.length ? drawBlocks(message.blocks, context) : mrkdwn(message.text, context);
    const files = message.files.map((file) => h("p", { class: "file" }, `File: ${file.name}`));
    const reactions = Object.entries(message.reactions).map(([name, who]) => h("span", { class: "reaction" }, `:${name}: ${who.length}`));
    const run = (shortcut) => this.do("message_shortcut", { callback_id: shortcut.id, channel: channel.id, ts: message.ts });
    const more = this.messageShortcuts.length && !message.ephemeral
      ? menu(h("span", {}, h("span", { "aria-hidden": "true" }, "⋯"), h("span", { class: "unseen" }, "Message actions")), this.messageShortcuts.map((each) => ({ text: each.label, run: () => run(each) })), { class: "on-message", focus: `menu-${message.ts}` })
      : null;
    return h(
      "li",
      { class: message.ephemeral ? "ephemeral" : "" },
      message.day && h("p", { class: "day" }, h("span", {}, day(message.at))),
      h(
        "article",
        { class: message.thread_ts ? "message reply" : "message" },
        face(message.user),
        h(
          "div",
          { class: "said" },
          h("p", { class: "by" }, h("strong", {}, message.user.name), message.from_bot && h("span", { class: "app" }, "App"), h("time", { datetime: message.at }, shortTime(message.at)), message.edited && h("span", { class: "soft" }, "(edited)")),
          message.ephemeral && h("p", { class: "only" }, "Only visible to you"),
          words, files, reactions,
        ),
        more,
      ),
    );
  }

  drawHome() {
    const view = this.snapshot.home;
    const print = view && `${view.id}/${view.hash}`;
    if (print === this.homePrint && view) return;
    const held = this.home.contains(document.activeElement) && document.activeElement.closest("[data-focus]")?.dataset.focus;
    this.homePrint = print;
    if (!view) return fill(this.home, h("p", { class: "empty" }, "Lollipop has put nothing here yet."));
    fill(this.home, drawBlocks(view.blocks, this.viewContext(view)));
    if (held) ([...this.home.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === held) ?? this.home).focus();
  }

  viewContext(view) {
    return {
      ...this.context,
      values: view.state.values,
      errors: view.errors,
      act: (block, element, value) => this.do("press_in_view", { action_id: element.action_id, value, view_id: view.id, block_id: block.block_id }),
    };
  }

  drawModal(view) {
    const print = view && JSON.stringify([view.id, view.hash, view.errors]);
    if (print === this.modalPrint) return;
    const same = view && this.modalPrint && JSON.parse(this.modalPrint)[0] === view.id;
    const entered = same ? this.values() : {};
    this.modalPrint = print;
    const old = this.root.querySelector("dialog");
    const held = old?.contains(document.activeElement);
    const heldField = held && document.activeElement.closest("[data-focus]")?.dataset.focus;
    old?.remove();
    this.body.inert = Boolean(view);
    this.shade.hidden = !view;
    this.fields = [];
    if (!view) {
      if (held) (this.body.contains(this.from) ? this.from : this.composer.area).focus();
      return;
    }
    if (!old) this.from = document.activeElement;
    const dialog = this.drawDialog(view, entered);
    this.root.append(dialog);
    dialog.show();
    const mine = held || Date.now() < this.mayFocus;
    if (!mine) return (this.from?.isConnected && this.from !== document.body ? this.from : document.activeElement)?.focus?.();
    const wrong = dialog.querySelector("[aria-invalid], .error");
    const again = heldField && [...dialog.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === heldField);
    const first = wrong?.closest(".block")?.querySelector("input, textarea, select") ?? again ?? dialog.querySelector("h3");
    first?.focus();
  }

  drawDialog(view, entered) {
    const title = freshId("modal");
    const values = structuredClone(view.state.values);
    for (const [block, now] of Object.entries(entered)) if (values[block]) Object.assign(values[block], now);
    const context = { ...this.viewContext(view), values, fields: this.fields };
    const close = (everything) => this.do("close_view", { everything });
    const form = h(
      "form",
      { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.submit(view); } },
      h("div", { class: "modal-body", tabindex: 0, role: "group", "aria-labelledby": title }, drawBlocks(view.blocks, context)),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", onclick: () => close(false) }, view.close?.text ?? "Cancel"),
        view.submit && h("button", { class: "primary" }, view.submit.text),
      ),
    );
    const dialog = h(
      "dialog",
      { class: "modal", "aria-labelledby": title, onkeydown: (event) => event.key === "Escape" && close(false) },
      h("header", {}, h("h3", { id: title, tabindex: -1 }, view.title.text), h("button", { type: "button", class: "plain", "aria-label": "Close everything", onclick: () => close(true) }, "✕")),
      form,
    );
    return dialog;
  }

  /** What stands in the fields, in the shape of a view's state where that is a plain value. */
  values() {
    const found = {};
    for (const { block, read } of this.fields) {
      const kind = block.element.type;
      const key = { datepicker: "selected_date", timepicker: "selected_time" }[kind] ?? "value";
      if (/_input$|datepicker|timepicker/.test(kind)) found[block.block_id] = { [block.element.action_id]: { type: kind, [key]: read() } };
      else found[block.block_id] = { [block.element.action_id]: this.chosen(block.element, read()) };
    }
    return found;
  }

  chosen(element, read) {
    const options = element.options ?? element.option_groups?.flatMap((group) => group.options);
    if (!options) return { type: element.type, value: read };
    if (Array.isArray(read)) return { type: element.type, selected_options: options.filter((option) => read.includes(option.value)) };
    return { type: element.type, selected_option: options.find((option) => option.value === read) ?? null };
  }

  submit(view) {
    const values = Object.fromEntries(this.fields.map(({ block, read }) => [block.block_id, read()]));
    this.do("submit", { view_id: view.id, values });
  }

  drawHints() {
    const { commands } = this.snapshot;
    const hints = [
      ...(commands.length ? [{ id: "commands", text: "/ Commands", commands }] : []),
      ...this.shortcuts.map((each) => ({ id: `shortcut-${each.id}`, text: each.label, shortcut: each.id })),
    ];
    const write = (command) => {
      this.composer.area.value = `${command} `;
      this.composer.area.focus();
    };
    const shortcut = (hint) => h("button", { type: "button", class: "chip", data: { focus: hint.id }, onclick: () => this.do("shortcut", { callback_id: hint.shortcut }) }, hint.text);
    const choice = (hint) => menu(hint.text, hint.commands.map((text) => ({ text, run: () => write(text) })), { focus: hint.id });
    keep(this.hints, hints, (hint) => hint.id, (hint) => (hint.commands ? choice(hint) : shortcut(hint)));
    this.root.classList.toggle("offline", !this.snapshot.connected);
  }

  drawToasts(toasts) {
    const print = JSON.stringify(toasts);
    if (print === this.toastPrint) return;
    this.toastPrint = print;
    const away = h("button", { type: "button", onclick: () => this.do("clear_toasts") }, "Dismiss");
    fill(this.toast, toasts.map((toast) => h("p", {}, toast.text)), toasts.length && away);
  }
}
