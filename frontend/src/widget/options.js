// What the page says in its script tag, in `window.stewardSettings`, or afterwards by `StewardWidget.context`.
const TEXTS = STEWARD_WIDGET_TEXTS;

export function options(script) {
  const said = { ...script?.dataset, ...window.stewardSettings };
  const tag = said.language || "";
  return {
    desk: new URL(script?.src || location.href).origin,
    site: said.site || "",
    language: tag,
    texts: textsFor(tag || document.documentElement.lang || navigator.language),
    theme: said.theme || "auto",
    side: said.side === "start" ? "start" : "end",
    label: said.label || "",
    token: tokenOf(said),
    page: { app_version: said.appVersion || "", client_version: said.clientVersion || "" },
  };
}

export function textsFor(tag) {
  const wanted = tag.toLowerCase();
  const name = TEXTS[wanted] ? wanted : wanted.startsWith("zh") ? "zh-hans" : "en";
  const words = TEXTS[name] ?? TEXTS.en;
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_whole, value) => values[value] ?? "");
  say.language = name === "zh-hans" ? "zh-Hans" : name;
  return say;
}

// A function of the page, an address of the page's own server that answers with a token, or one token that lasts a quarter of an hour.
function tokenOf(said) {
  if (typeof said.token === "function") return said.token;
  if (said.tokenUrl) return () => fetched(said.tokenUrl);
  let first = said.token || "";
  return async () => {
    const token = first;
    first = "";
    return token;
  };
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) return "";
  const text = await answer.text();
  try {
    return JSON.parse(text).token ?? "";
  } catch {
    return text.trim();
  }
}

// The address as far as it may leave the page: no fragment, and of the query only what the desk asks for.
export function pageNow(wishes, kept) {
  const here = new URL(wishes.page.address || location.href, location.href);
  const query = new URLSearchParams([...here.searchParams].filter(([name]) => kept.includes(name))).toString();
  return {
    address: here.origin + here.pathname + (query ? `?${query}` : ""),
    title: (wishes.page.title || document.title).slice(0, 200),
    app_version: wishes.page.app_version || "",
    client_version: wishes.page.client_version || "",
  };
}
