// Leaves out of a library's style sheet the rules for what no template or script of ours names.
// Made for compiled sheets: nested rules, no braces inside selectors but in strings.

function parse(text) {
  const root = { children: [] };
  const open = [root];
  let start = 0;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quote) {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at) + 2;
      text = text.slice(0, at) + " ".repeat(end - at) + text.slice(end);
    } else if (sign === "{") {
      const node = { head: text.slice(start, at).trim(), children: [] };
      open.at(-1).children.push(node);
      open.push(node);
      start = at + 1;
    } else if (sign === "}" || sign === ";") {
      const line = text.slice(start, at).trim();
      if (line) open.at(-1).children.push({ line });
      if (sign === "}") open.pop();
      start = at + 1;
    }
  }
  return root;
}

function split(head) {
  const parts = [];
  let depth = 0;
  let last = 0;
  for (let at = 0; at < head.length; at += 1) {
    if ("([".includes(head[at])) depth += 1;
    else if (")]".includes(head[at])) depth -= 1;
    else if (head[at] === "," && !depth) {
      parts.push(head.slice(last, at).trim());
      last = at + 1;
    }
  }
  return [...parts, head.slice(last).trim()];
}

// What stands inside :not(), :is(), :where() and :has() may or may not be there: it decides nothing.
function outside(selector) {
  let plain = selector;
  for (let before = ""; before !== plain; ) {
    before = plain;
    plain = plain.replace(/:(?:not|is|where|has)\([^()]*\)/g, "");
  }
  return plain;
}

function isNamed(selector, words) {
  const plain = outside(selector);
  const names = [...plain.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map(([, name]) => name);
  const marks = [...plain.matchAll(/\[([\w-]+)(?:[~|^$*]?=["']?([^"'\]]*)["']?)?\]/g)].flatMap(([, name, value]) => [name, ...(value ?? "").split(/\s+/)]);
  const types = [...plain.matchAll(/\[type=["']?([^"'\]]*)["']?\]/g)].map(([, type]) => type);
  // What the browsers this is built for do not know, and kinds of fields nobody asks for.
  if (plain.includes("::-ms-") || types.some((type) => !words.types.has(type))) return false;
  return names.every((name) => words.classes.has(name)) && marks.filter(Boolean).every((name) => words.marks.has(name));
}

function write(node, words) {
  if (node.line) return `${node.line};`;
  const { head } = node;
  if (/^@(property|font-face|keyframes)/.test(head)) return whole(node);
  const kept = head === undefined || head.startsWith("@") ? head : split(head).filter((one) => isNamed(one, words)).join(", ");
  if (kept === "") return "";
  const inside = node.children.map((child) => write(child, words)).join("\n");
  if (head === undefined) return inside;
  return inside.trim() ? `${kept} {\n${inside}\n}` : "";
}

const whole = (node) => (node.line ? `${node.line};` : `${node.head} {\n${node.children.map(whole).join("\n")}\n}`);

export function purge(css, words) {
  return write(parse(css), words);
}
