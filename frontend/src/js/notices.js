// Loud notices: one short sound, and a line beside the desk where the person asked for it. Each is heard once, in one tab.
import { csrfToken } from "./csrf.js";
import { say } from "./texts.js";

const HEARD = "steward-heard";
const WANTED = "steward-desktop";

const wants = () => localStorage.getItem(WANTED) === "yes" && "Notification" in window && Notification.permission === "granted";

function sound() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.setValueAtTime(0.08, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.45);
  tone.frequency.value = 740;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.45);
  tone.addEventListener("ended", () => context.close());
}

function hear({ id, words }) {
  const heard = Number(localStorage.getItem(HEARD) ?? 0);
  if (id <= heard) return;
  localStorage.setItem(HEARD, String(id));
  // The first number this browser ever sees is no news.
  if (!heard) return;
  // A browser lets a page be heard only after somebody has touched it.
  if (navigator.userActivation?.hasBeenActive) sound();
  if (wants()) {
    const shown = new Notification(say("noticeTitle"), { body: words, tag: `steward-${id}` });
    shown.addEventListener("click", () => window.focus());
  }
}

async function first(detail) {
  if (!navigator.locks) return hear(detail);
  await navigator.locks.request("steward-notices", () => hear(detail));
}

document.addEventListener("steward:loud", (event) => first(event.detail));

// On the way to a ticket its notice is read; the page that opens does not wait for it.
function markRead(event) {
  const link = event.target.closest?.("[data-notice-read]");
  if (!link) return;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", csrfToken());
  navigator.sendBeacon(link.dataset.noticeRead, form);
}
document.addEventListener("click", markRead);
document.addEventListener("auxclick", markRead);

function show(box) {
  const on = wants();
  box.querySelector("[data-desktop-ask]").hidden = on;
  box.querySelector("[data-desktop-stop]").hidden = !on;
  const refused = "Notification" in window && Notification.permission === "denied";
  box.querySelector("[data-desktop-state]").textContent = say(on ? "desktopOn" : refused ? "desktopRefused" : "desktopOff");
}

document.addEventListener("click", async (event) => {
  const box = event.target.closest("[data-desktop-notices]");
  if (!box) return;
  if (event.target.closest("[data-desktop-ask]") && "Notification" in window) {
    localStorage.setItem(WANTED, "yes");
    await Notification.requestPermission();
  } else if (event.target.closest("[data-desktop-stop]")) localStorage.setItem(WANTED, "no");
  show(box);
});
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-desktop-notices]").forEach(show));
