// The look: light, dark or as the device, and more contrast; kept in cookies so that the server paints it right.
const YEAR = 365 * 24 * 3600;
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const more = matchMedia("(prefers-contrast: more)");

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

// What the device says is remembered too: the next page is painted right before a script has run.
function paint() {
  const chosen = root.dataset.theme || "system";
  root.classList.toggle("dark", chosen === "dark" || (chosen === "system" && dark.matches));
  const device = `${dark.matches ? "dark" : "light"}${more.matches ? "-more" : ""}`;
  if (!document.cookie.split("; ").includes(`device=${device}`)) remember("device", device);
  contrast();
}

function contrast() {
  const wanted = root.dataset.contrast === "more" || more.matches;
  root.toggleAttribute("data-contrast-more", wanted);
  const sheet = document.querySelector('link[href*="/contrast-"]');
  if (!wanted || sheet) return;
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: root.dataset.contrastSheet });
  document.head.append(link);
}

function choose(kind, value) {
  root.dataset[kind] = value;
  remember(kind, value);
  paint();
  for (const button of document.querySelectorAll(`[data-${kind}-choice]`)) {
    const mine = button.dataset[`${kind}Choice`] === value;
    if (button.matches("input")) button.checked = mine;
    else button.setAttribute("aria-checked", String(mine));
  }
}

function hear(event) {
  for (const kind of ["theme", "contrast"]) {
    const button = event.target.closest(`[data-${kind}-choice]`);
    if (button && (event.type === "change") === button.matches("input")) choose(kind, button.dataset[`${kind}Choice`]);
  }
}

root.classList.add("js");
paint();
for (const device of [dark, more]) device.addEventListener("change", paint);
document.addEventListener("click", hear);
document.addEventListener("change", hear);

export function switchContrast() {
  choose("contrast", root.dataset.contrast === "more" ? "system" : "more");
}
