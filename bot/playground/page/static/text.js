// Slack's two ways of writing: mrkdwn and rich text. Both become elements; no text ever becomes markup.
import { h, longTime, safeUrl } from "./dom.js";

const EMOJI = {
  lollipop: "🍭", wave: "👋", white_check_mark: "✅", x: "❌", warning: "⚠️", bulb: "💡", books: "📚", book: "📖",
  star: "⭐", tada: "🎉", smile: "😄", slightly_smiling_face: "🙂", heart: "❤️", thumbsup: "👍", "+1": "👍",
  raised_hand: "✋", hand: "✋", lock: "🔒", key: "🔑", bell: "🔔", calendar: "📅", clock3: "🕒", envelope: "✉️",
  school: "🏫", house: "🏠", question: "❓", speech_balloon: "💬", memo: "📝", sparkles: "✨", shield: "🛡️",
  hourglass_flowing_sand: "⏳", rotating_light: "🚨", information_source: "ℹ️", pray: "🙏", eyes: "👀",
};
const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all);
const unescaped = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

function nameOf(users, id) {
  return `@${users?.find((user) => user.id === id)?.name ?? id}`;
}

export function link(url, text, focus) {
  const href = safeUrl(url);
  if (!href) return h("span", {}, text || url);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", data: { focus: focus ?? href } }, text || url);
}

const INLINE = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/;

function inline(text, context) {
  const parts = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) parts.push(withEmoji(unescaped(rest.slice(0, found.index))));
    const [whole, block, code, angle, bold, italic, strike] = found;
    if (block) parts.push(h("pre", {}, unescaped(block.replace(/^\n|\n$/g, ""))));
    else if (code) parts.push(h("code", {}, unescaped(code)));
    else if (angle) parts.push(reference(angle, context));
    else parts.push(h(bold ? "strong" : italic ? "em" : "s", {}, inline(bold ?? italic ?? strike, context)));
    rest = rest.slice(found.index + whole.length);
  }
  if (rest) parts.push(withEmoji(unescaped(rest)));
  return parts;
}

function reference(inner, context) {
  const [target, ...label] = inner.split("|");
  const said = unescaped(label.join("|"));
  if (target.startsWith("@")) return h("span", { class: "mention" }, nameOf(context.users, target.slice(1)));
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${said || channelName(context, target.slice(1))}`);
  if (target.startsWith("!date^")) return h("span", {}, longTime(Number(target.split("^")[1]) * 1000));
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${said || target.slice(1)}`);
  return link(unescaped(target), withEmoji(said));
}

function channelName(context, id) {
  return context.channels?.find((channel) => channel.id === id)?.name ?? id;
}

/** https://docs.slack.dev/messaging/formatting-message-text */
export function mrkdwn(text, context) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(&gt;|>) ?/.exec(line);
    const last = groups.at(-1);
    const words = quoted ? line.slice(quoted[0].length) : line;
    if (last && last.quoted === Boolean(quoted)) last.lines.push(words);
    else groups.push({ quoted: Boolean(quoted), lines: [words] });
  }
  return groups.map((group) => h(group.quoted ? "blockquote" : "div", { class: "words" }, inline(group.lines.join("\n"), context)));
}

/** A text object, either type. */
export function textObject(object, context) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, context) : [h("div", { class: "words" }, withEmoji(object.text))];
}
export const plain = (object) => withEmoji(object?.text ?? "");

function piece(part, context) {
  switch (part.type) {
    case "text": return styled(part.text, part.style);
    case "link": return styled(link(part.url, part.text), part.style);
    case "emoji": return part.unicode ? String.fromCodePoint(...part.unicode.split("-").map((hex) => parseInt(hex, 16))) : withEmoji(`:${part.name}:`);
    case "user": return h("span", { class: "mention" }, nameOf(context.users, part.user_id));
    case "channel": return h("span", { class: "mention" }, `#${channelName(context, part.channel_id)}`);
    case "broadcast": return h("span", { class: "mention" }, `@${part.range}`);
    case "date": return h("span", {}, longTime(part.timestamp * 1000));
    default: return part.fallback ?? part.value ?? "";
  }
}

function styled(inner, style = {}) {
  let node = inner;
  for (const [mark, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]]) {
    if (style[mark]) node = h(tag, {}, node);
  }
  return node;
}

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function richText(block, context) {
  const nodes = [];
  const pieces = (element) => element.elements.map((part) => piece(part, context));
  for (const element of block.elements) {
    if (element.type === "rich_text_list") {
      const items = element.elements.map((item) => h("li", {}, pieces(item)));
      const list = h(element.style === "ordered" ? "ol" : "ul", { class: `indent-${element.indent ?? 0}` }, items);
      if (element.style === "ordered" && element.offset) list.start = element.offset + 1;
      nodes.push(list);
    } else {
      const tag = { rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[element.type] ?? "div";
      nodes.push(h(tag, { class: "words" }, pieces(element)));
    }
  }
  return nodes;
}
