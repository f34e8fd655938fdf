// Block Kit, drawn: https://docs.slack.dev/reference/block-kit/blocks
import { confirmed, freshId, h, menu, safeUrl } from "./dom.js";
import { mrkdwn, plain, richText, textObject } from "./text.js";

/**
 * Draw blocks.
 * `context`: users, channels, values (state by block id and action id), errors (by block id), act(block, element, value),
 * fields (filled here with { block, read }, for a modal's submission).
 */
export function drawBlocks(blocks, context) {
  return blocks.map((block) => h("div", { class: `block ${block.type}`, data: { block: block.block_id } }, drawBlock(block, context)));
}

function drawBlock(block, context) {
  switch (block.type) {
    case "section": return section(block, context);
    case "header": return h("h3", { class: `level-${block.level ?? 1}` }, plain(block.text));
    case "divider": return h("hr");
    case "context": return block.elements.map((each) => (each.type === "image" ? picture(each) : h("span", {}, textObject(each, context))));
    case "actions": return block.elements.map((each) => element(block, each, context));
    case "rich_text": return richText(block, context);
    case "input": return inputBlock(block, context);
    case "image": return picture(block);
    case "markdown": return mrkdwn(block.text, context);
    case "table": return table(block, context);
    case "video": return h("p", {}, `▶ ${plain(block.title)}`);
    default: return h("p", {}, `(${block.type})`);
  }
}

function section(block, context) {
  const fields = block.fields?.map((field) => h("div", {}, textObject(field, context)));
  const accessory = block.accessory;
  return [
    h("div", { class: "section-text" }, block.text && textObject(block.text, context), fields && h("div", { class: "fields" }, fields)),
    accessory && (accessory.type === "image" ? picture(accessory) : element(block, accessory, context, plainWords(block))),
  ];
}
const plainWords = (block) => (block.text?.text ?? "").replace(/[*_~`]/g, "").slice(0, 80);

// Nothing is fetched from elsewhere: a picture of another host is told by its words.
function picture(image) {
  return h("span", { class: "picture", role: "img", "aria-label": image.alt_text }, h("span", { "aria-hidden": "true" }, `Picture: ${image.alt_text}`));
}

function table(block, context) {
  const cell = (each, tag) => h(tag, tag === "th" ? { scope: "col" } : {}, each.type === "rich_text" ? richText(each, context) : each.text);
  const [head, ...rows] = block.rows;
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, head.map((each) => cell(each, "th")))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((each) => cell(each, "td"))))),
  );
}

/** A button, menu or picker outside an input block: it acts as soon as it is used. */
function element(block, asked, context, label = "") {
  const focus = `${block.block_id}/${asked.action_id}`;
  const run = async (value) => {
    if (!asked.confirm || (await confirmed(asked.confirm))) context.act(block, asked, value);
  };
  if (asked.type === "button") {
    const named = { class: asked.style ?? "", "aria-label": asked.accessibility_label, data: { focus } };
    const href = asked.url && safeUrl(asked.url);
    if (href) return h("a", { ...named, class: `button ${named.class}`, href, target: "_blank", rel: "noopener noreferrer", onclick: () => run(null) }, plain(asked.text));
    return h("button", { type: "button", ...named, onclick: () => run(null) }, plain(asked.text));
  }
  if (asked.type === "overflow") {
    const more = h("span", {}, h("span", { "aria-hidden": "true" }, "⋯"), h("span", { class: "unseen" }, "More"));
    return menu(more, asked.options.map((option) => ({ text: plain(option.text), run: () => run(option.value) })), { focus });
  }
  const control = field(block, asked, context, label || plain(asked.placeholder) || "Choose");
  control.node.addEventListener("change", () => run(control.read()));
  return h("div", { class: "inline-field" }, control.node);
}

function inputBlock(block, context) {
  const asked = block.element;
  const error = context.errors?.[block.block_id];
  const ids = { label: freshId("label"), hint: freshId("hint"), error: freshId("error"), field: freshId("field") };
  const label = [plain(block.label), block.optional && h("span", { class: "soft" }, " (optional)")];
  const described = [error && ids.error, block.hint && ids.hint].filter(Boolean).join(" ") || undefined;
  const control = field(block, asked, context, null, { ...ids, described, invalid: Boolean(error), required: !block.optional });
  context.fields?.push({ block, read: control.read, node: control.node });
  if (block.dispatch_action) control.node.addEventListener("change", () => context.act(block, asked, control.read()));
  const grouped = control.node.tagName === "FIELDSET";
  if (grouped) control.node.prepend(h("legend", {}, label));
  return [
    grouped ? null : h("label", { for: ids.field }, label),
    control.node,
    error && h("p", { class: "error", id: ids.error }, error),
    block.hint && h("p", { class: "hint", id: ids.hint }, plain(block.hint)),
  ];
}

const TYPES = { number_input: "number", email_text_input: "email", url_text_input: "url", datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const VALUE_KEYS = ["value", "selected_date", "selected_time"];

/** The control for an element: the node, and how to read what is entered. */
function field(block, asked, context, name, ids = {}) {
  const now = context.values?.[block.block_id]?.[asked.action_id] ?? {};
  const shared = {
    id: ids.field, "aria-label": name ?? undefined, "aria-describedby": ids.described, "aria-invalid": ids.invalid ? "true" : undefined,
    data: { focus: `${block.block_id}/${asked.action_id}` },
  };
  if (asked.type === "checkboxes" || asked.type === "radio_buttons") return choices(asked, now, shared, name);
  if (/select$/.test(asked.type)) return select(asked, now, shared, context);
  const value = VALUE_KEYS.map((key) => now[key]).find((each) => each !== undefined && each !== null) ?? "";
  const limits = { placeholder: plain(asked.placeholder) || undefined, "aria-required": ids.required ? "true" : undefined };
  if (asked.type === "plain_text_input" && asked.multiline) {
    const area = h("textarea", { ...shared, ...limits, rows: 4, value });
    return { node: area, read: () => area.value || null };
  }
  const box = h("input", { ...shared, ...limits, type: TYPES[asked.type] ?? "text", value, step: asked.is_decimal_allowed ? "any" : undefined });
  if (asked.type === "datetimepicker") {
    if (now.selected_date_time) box.value = new Date(now.selected_date_time * 1000).toISOString().slice(0, 16);
    return { node: box, read: () => (box.value ? Math.floor(new Date(`${box.value}Z`) / 1000) : null) };
  }
  return { node: box, read: () => box.value || null };
}

function choices(asked, now, shared, name) {
  const several = asked.type === "checkboxes";
  const chosen = several ? (now.selected_options ?? []).map((option) => option.value) : [now.selected_option?.value];
  const group = freshId("choice");
  const boxes = asked.options.map((option) => {
    const box = h("input", {
      type: several ? "checkbox" : "radio", name: group, value: option.value, checked: chosen.includes(option.value),
      data: { focus: `${shared.data.focus}/${option.value}` },
    });
    const words = h("span", {}, plain(option.text).replace(/[*_]/g, ""), option.description && h("span", { class: "hint" }, plain(option.description)));
    return { box, label: h("label", { class: "choice" }, box, words) };
  });
  const node = h("fieldset", { "aria-describedby": shared["aria-describedby"], "aria-label": name ?? undefined }, boxes.map((each) => each.label));
  const ticked = () => boxes.filter((each) => each.box.checked).map((each) => each.box.value);
  return { node, read: () => (several ? ticked() : (ticked()[0] ?? null)) };
}

function select(asked, now, shared, context) {
  const several = asked.type.startsWith("multi_");
  const kind = asked.type.replace("multi_", "");
  const option = (each) => h("option", { value: each.value }, plain(each.text));
  let options;
  let chosen;
  if (kind === "static_select") {
    options = asked.option_groups
      ? asked.option_groups.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(option)))
      : asked.options.map(option);
    chosen = several ? (now.selected_options ?? []).map((each) => each.value) : [now.selected_option?.value];
  } else {
    const noun = kind.replace("s_select", "");
    const people = noun === "user";
    options = (people ? context.users : context.channels).map((each) => h("option", { value: each.id }, people ? each.name : `#${each.name}`));
    chosen = several ? (now[`selected_${noun}s`] ?? []) : [now[`selected_${noun}`]];
  }
  const empty = several ? [] : [h("option", { value: "" }, plain(asked.placeholder) || "Choose…")];
  const node = h("select", { ...shared, multiple: several, size: several ? Math.min(5, options.length) : undefined }, empty, options);
  for (const each of node.options) each.selected = chosen.includes(each.value);
  if (!several && !node.selectedOptions.length) node.selectedIndex = 0;
  const read = () => (several ? [...node.selectedOptions].map((each) => each.value) : node.value || null);
  return { node, read };
}
