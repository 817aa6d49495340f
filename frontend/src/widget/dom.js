// Elements without markup: nothing is parsed, so a page that trusts no markup has nothing to refuse.
const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  chat: ["M21 12a8 8 0 0 1-11.6 7.1L4 20.5l1.5-4.9A8 8 0 1 1 21 12Z"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  send: ["M12 19V5", "m5 12 7-7 7 7"],
  clip: ["m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a1.8 1.8 0 0 1-2.6-2.6L14.500 7.500"],
  file: ["M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8Z", "M14 3v5h5"],
  list: ["M4 6h16", "M4 12h16", "M4 18h10"],
  back: ["m15 5-7 7 7 7"],
  add: ["M12 5v14", "M5 12h14"],
};

export function h(tag, props, ...kids) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined && value !== "") made.setAttribute(name, value);
  }
  made.append(...kids.flat().filter((kid) => kid !== null && kid !== undefined && kid !== "" && kid !== false));
  return made;
}

export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: `i i-${name}` })) made.setAttribute(key, value);
  for (const d of PATHS[name]) made.appendChild(document.createElementNS(SVG, "path")).setAttribute("d", d);
  return made;
}

export const button = (name, label, onclick, more = {}) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick, ...more }, icon(name));

export const bytes = (count) => (count < 1e6 ? `${Math.max(1, Math.round(count / 1000))} KB` : `${(count / 1e6).toFixed(1)} MB`);

// Words with the addresses in them as links, nothing else read out of them.
export function words(text) {
  return text.split(/(https?:\/\/[^\s<>"'）。，]+[^\s<>"'）。，.,;:!?)\]])/).map((part, at) => (at % 2 ? h("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part));
}
