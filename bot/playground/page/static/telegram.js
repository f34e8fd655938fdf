// One person's Telegram.
import { act, announce, composer, day, face, fill, h, keep, menu, safeUrl, shortTime, showNewest } from "./dom.js";

export class TelegramPane {
  constructor({ whose, invite = "" }) {
    this.invite = invite;
    this.user = null;
    this.chat = null;
    this.title = h("p", { class: "chat-title" });
    this.groups = h("ul", { class: "places-list" });
    this.nav = h("nav", { class: "places", "aria-label": `${whose}: chats` }, this.groups);
    this.list = h("ol", { class: "bubbles" });
    this.log = h("div", { class: "log", role: "log", tabindex: 0, "aria-label": "Messages" }, this.list);
    this.start = h("div", { class: "start" });
    this.tools = h("div", { class: "hints" });
    this.keyboard = h("div", { class: "reply-keyboard", role: "group", "aria-label": "Answers to tap" });
    this.composer = composer({ label: "Message to the bot", placeholder: "Message", send: (text) => this.do("say", { text, chat: this.chat }) });
    this.toast = h("div", { class: "toast", role: "status" });
    const foot = h("div", { class: "foot" }, this.start, this.tools, this.composer.form, this.keyboard);
    this.root = h("div", { class: "pane telegram" }, this.title, this.nav, this.log, foot, this.toast);
  }

  async do(name, more = {}) {
    const refused = await act({ where: "telegram", user: this.user, act: name, ...more });
    announce(refused);
    return !refused;
  }

  show(snapshot) {
    if (!snapshot) return;
    if (this.user !== snapshot.person.id) {
      this.user = snapshot.person.id;
      this.chat = null;
      this.list.replaceChildren();
    }
    this.snapshot = snapshot;
    const { bot } = snapshot;
    const group = snapshot.groups.find((each) => each.id === this.chat);
    if (!group) this.chat = null;
    fill(this.title, face({ is_bot: true }), h("span", {}, h("strong", {}, bot.name), h("span", { class: "soft" }, snapshot.action ? " is typing…" : ` @${bot.username}`)));
    this.drawGroups();
    this.drawStart();
    this.drawTools();
    this.drawKeyboard();
    this.drawMessages(group ? group.messages : snapshot.messages); // last: what stands below says how much room there is
    this.drawToasts();
  }

  newest() {
    showNewest(this.log, this.list);
  }

  drawGroups() {
    const { groups, bot } = this.snapshot;
    this.nav.hidden = !groups.length;
    const chats = [{ id: null, title: bot.name }, ...groups.map(({ id, title }) => ({ id, title }))].map((chat) => ({ ...chat, here: chat.id === this.chat }));
    const go = (id) => {
      this.chat = id;
      this.list.replaceChildren();
      this.show(this.snapshot);
    };
    keep(this.groups, groups.length ? chats : [], (chat) => String(chat.id), (chat) =>
      h("li", {}, h("button", { type: "button", data: { focus: String(chat.id) }, "aria-current": chat.here ? "true" : undefined, onclick: () => go(chat.id) }, chat.title)),
    );
  }

  drawMessages(messages) {
    const before = this.list.lastElementChild?.dataset.key;
    const shown = messages.map((message, place) => ({ ...message, day: day(message.date) !== day(messages[place - 1]?.date ?? 0) }));
    keep(this.list, shown, (message) => String(message.message_id), (message) => this.drawMessage(message));
    if (!shown.length) this.list.append(h("li", { class: "empty", data: { key: "empty" } }, this.snapshot.bot.description || "No messages yet."));
    if (this.list.lastElementChild?.dataset.key !== before) showNewest(this.log, this.list);
  }

  drawMessage(message) {
    const mine = message.from_id === this.user;
    const words = h("div", { class: "words", dir: "auto" });
    // The one place where markup is used: the stand-in makes it from plain text and escapes it.
    words.innerHTML = message.html;
    for (const link of words.querySelectorAll("a")) link.target = "_blank";
    for (const hidden of words.querySelectorAll(".tg-spoiler")) this.spoiler(hidden);
    const bubble = h(
      "article",
      { class: mine ? "bubble mine" : "bubble" },
      h("p", { class: "unseen" }, mine ? "You" : message.from_name),
      this.chat && !mine && h("p", { class: "by" }, message.from_name),
      this.drawMedium(message),
      message.text && message.kind !== "poll" && words,
      h("p", { class: "stamp" }, message.edited && "edited ", h("time", { datetime: message.date }, shortTime(message.date))),
    );
    const keys = message.inline_keyboard.map((row) => h("div", { class: "key-row" }, row.map((button) => this.key(message, button))));
    return h("li", { class: mine ? "mine" : "" }, message.day && h("p", { class: "day" }, h("span", {}, day(message.date))), bubble, keys.length > 0 && h("div", { class: "keys" }, keys));
  }

  spoiler(node) {
    node.setAttribute("role", "button");
    node.tabIndex = 0;
    node.setAttribute("aria-label", "Hidden words: show");
    const show = () => {
      node.classList.add("open");
      for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    };
    node.addEventListener("click", show);
    node.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), show()));
  }

  key(message, button) {
    const data = { focus: `${message.message_id}/${button.index}` };
    const href = button.url && safeUrl(button.url);
    if (href) return h("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer", data }, `${button.text} ↗`);
    return h("button", { type: "button", data, onclick: () => this.do("tap", { message_id: message.message_id, button: button.index, chat: this.chat }) }, button.text);
  }

  drawMedium(message) {
    const { poll, file } = message;
    if (message.kind === "poll" && poll) {
      const vote = (place) => () => this.do("vote", { message_id: message.message_id, options: [place], chat: this.chat });
      const mine = message.voted?.[this.user];
      const right = mine && poll.type === "quiz" ? poll.correct_option_ids : [];
      const mark = (place) => (right.includes(place) ? "✓ " : mine?.includes(place) ? (right.length ? "✗ " : "• ") : "");
      const option = (each, place) =>
        h("button", { type: "button", disabled: poll.is_closed || (mine && !poll.allows_revoting), data: { focus: `${message.message_id}/poll-${place}` }, onclick: vote(place) }, h("span", {}, mark(place) + each.text), h("span", { class: "soft" }, String(each.voter_count)));
      return h("div", { class: "poll", role: "group", "aria-label": poll.question }, h("p", {}, h("strong", {}, poll.question)), poll.options.map(option), right.length > 0 && poll.explanation && h("p", { class: "soft" }, poll.explanation));
    }
    if (!file) return null;
    const name = { photo: "Photo", voice: "Voice message", sticker: `Sticker ${file.emoji ?? ""}` }[message.kind] ?? file.name;
    if (file.path && message.kind === "photo") return h("img", { src: `telegram/${file.path}`, alt: message.text || "Photo", class: "photo" });
    if (file.path) return h("p", {}, h("a", { href: `telegram/${file.path}`, download: file.name }, `File: ${file.name}`));
    return h("p", { class: "file" }, name);
  }

  drawStart() {
    const { started, blocked } = this.snapshot;
    const begun = started && !blocked;
    if (this.begun === begun && this.startOf === this.user) return;
    const held = this.start.contains(document.activeElement);
    this.begun = begun;
    this.startOf = this.user;
    const invite = this.invite && h("button", { type: "button", class: begun ? "chip" : "primary", onclick: () => this.do("start", { payload: this.invite }) }, "Open invitation link");
    const start = !begun && h("button", { type: "button", onclick: () => this.do("start", { payload: "" }) }, blocked ? "Restart" : "Start");
    fill(this.start, !begun && h("p", { class: "soft" }, blocked ? "The bot is blocked: it cannot write here." : "This person has not started the bot."), h("div", { class: "row" }, invite, start));
    if (held) this.composer.area.focus();
  }

  drawTools() {
    const { bot, blocked } = this.snapshot;
    const print = JSON.stringify([bot.commands, blocked, this.user]);
    if (print === this.toolsPrint) return;
    this.toolsPrint = print;
    const held = this.tools.contains(document.activeElement) && document.activeElement.dataset.focus;
    const commands = bot.commands.map(({ command, description }) => ({ text: `/${command}  ${description}`, run: () => this.do("say", { text: `/${command}`, chat: this.chat }) }));
    const attach = [["Photo", "send_photo"], ["Voice message", "send_voice"], ["File", "send_document"], ["Sticker", "send_sticker"]];
    const tool = (text, run) => h("button", { type: "button", class: "chip", data: { focus: text.toLowerCase().startsWith("send") ? "photo" : "block" }, onclick: run }, text);
    fill(
      this.tools,
      commands.length > 0 && menu("☰ Menu", commands, { focus: "menu" }),
      tool("Send a photo", () => this.do("send_photo")),
      menu("Send…", attach.slice(1).map(([text, name]) => ({ text, run: () => this.do(name) })), { focus: "attach" }),
      tool(blocked ? "Unblock" : "Block", () => this.do(blocked ? "unblock" : "block")),
    );
    if (held) this.tools.querySelector(`[data-focus="${held}"]`)?.focus();
  }

  drawKeyboard() {
    const keyboard = this.snapshot.reply_keyboard;
    const print = JSON.stringify(keyboard);
    this.composer.area.placeholder = keyboard?.placeholder || "Message";
    if (print === this.keyboardPrint) return;
    this.keyboardPrint = print;
    this.keyboard.hidden = !keyboard;
    const key = (text) => h("button", { type: "button", onclick: () => this.do("say", { text, chat: this.chat }) }, text);
    fill(this.keyboard, (keyboard?.rows ?? []).map((row) => h("div", { class: "key-row" }, row.map(key))));
  }

  drawToasts() {
    const { toasts } = this.snapshot;
    const print = JSON.stringify(toasts);
    if (print === this.toastPrint) return;
    this.toastPrint = print;
    const away = h("button", { type: "button", onclick: () => this.do("clear_toasts") }, "OK");
    fill(this.toast, toasts.map((toast) => h("p", {}, toast.text)), toasts.length && away);
  }
}
