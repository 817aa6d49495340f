// Clocks and ages kept current between two answers of the server.
import { ago, duration, say } from "./texts.js";

const EVERY = 15_000;

function tick(clock, now) {
  const due = Date.parse(clock.dataset.due);
  const warn = Date.parse(clock.dataset.warn ?? "");
  const left = (due - now) / 1000;
  const tone = left <= 0 ? "late" : now >= warn ? "warn" : "ok";
  // A breach stays a breach, even if this computer's clock is behind.
  if (clock.dataset.tone !== "late") clock.dataset.tone = tone;
  const words = say(left <= 0 ? "over" : "left", { time: duration(left) });
  const place = clock.querySelector(".clock-words");
  if (place && place.textContent !== words) place.textContent = words;
}

export function tickAll(root = document) {
  const now = Date.now();
  for (const clock of root.querySelectorAll(".clock[data-due]")) tick(clock, now);
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const words = ago((now - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== words) time.textContent = words;
  }
}

setInterval(() => document.hidden || tickAll(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || tickAll());

// The whole date and the zone, for whoever points at a time; said in the person's own zone and language.
document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time[datetime*='T']");
  if (!time || time.title) return;
  const { lang, dataset } = document.documentElement;
  time.title = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "long", timeZone: dataset.zone || undefined }).format(new Date(time.dateTime));
});
