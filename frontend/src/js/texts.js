// The words that scripts say stand translated in the page (`components/script.html`); no script holds text.

export function say(name, values = {}) {
  const words = document.getElementById("texts")?.dataset[name] ?? document.getElementById("more-texts")?.dataset[name] ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

export function announce(words) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = words;
}

const language = () => document.documentElement.lang || "en";

function unit(count, name) {
  return new Intl.NumberFormat(language(), { style: "unit", unit: name, unitDisplay: "narrow" }).format(count);
}

// The same words as the server's `duration` filter: the two largest units.
export function duration(seconds) {
  const total = Math.abs(seconds);
  if (total < 60) return unit(Math.round(total), "second");
  const parts = [];
  let rest = Math.floor(total);
  let shown = 0;
  for (const [name, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count && shown < 2) parts.push(unit(count, name));
    if (count || shown) shown += 1;
  }
  return parts.join(" ");
}

export function ago(seconds) {
  const size = Math.abs(seconds);
  if (size < 60) return say("now");
  const format = new Intl.RelativeTimeFormat(language(), { style: "narrow", numeric: "always" });
  const [name, length] = size < 3600 ? ["minute", 60] : size < 86400 ? ["hour", 3600] : size < 604800 ? ["day", 86400] : ["week", 604800];
  return format.format(-Math.round(seconds / length), name);
}

export function fileSize(bytes) {
  const [name, size] = bytes >= 1e6 ? ["megabyte", 1e6] : bytes >= 1e3 ? ["kilobyte", 1e3] : ["byte", 1];
  const value = bytes / size;
  return new Intl.NumberFormat(language(), {
    style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: value < 10 && size > 1 ? 1 : 0,
  }).format(value);
}
