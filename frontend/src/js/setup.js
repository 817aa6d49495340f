// htmx as this desk uses it: errors never replace content, no code from attributes, forms carry the CSRF token.
import htmx from "htmx.org/dist/htmx.esm.min.js";
import { csrfToken } from "./csrf.js";

Object.assign(htmx.config, {
  noSwap: [204, 304, "4xx", "5xx"],
  defaultTimeout: 30000,
  defaultSettleDelay: 0,
});

function refuse() {
  throw new Error("Code in attributes is switched off.");
}

// What the browser owns while a live refresh morphs the page: an open menu must stay open.
const OWNED = new Set(["open", "aria-expanded", "aria-hidden", "aria-selected", "tabindex", "hidden"]);

htmx.registerExtension("steward", {
  init(api) {
    api.initSecurity(null, refuse, refuse);
  },
  htmx_before_morph_attr(element, { attrName }) {
    if (attrName === "title" && element.tagName === "TIME") return false;
    if (attrName === "open") return !["DETAILS", "DIALOG"].includes(element.tagName);
    if (!OWNED.has(attrName)) return true;
    return !element.closest(".dropdown-menu, [data-composers]");
  },
});

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (["GET", "HEAD"].includes(request.method)) return;
  const token = csrfToken();
  if (token) request.headers["X-CSRFToken"] = token;
});

export default htmx;
