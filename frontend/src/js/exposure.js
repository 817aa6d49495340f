// While something covered is in sight, the desk is told now and then: it counts, reminds to rest, and covers it at the limit.
import { csrfToken } from "./csrf.js";
import htmx from "./setup.js";
import { duration, say } from "./texts.js";
import { toast } from "./toast.js";

const BEAT = 10_000;
const ACTIVE_FOR = 60_000;

let known = new Set();
let lastActive = Date.now();
let reminded = false;

const views = () => [...document.querySelectorAll("[data-view]")];
const idsOf = (elements) => elements.map((one) => one.dataset.view);

function inSight(element) {
  const box = element.getBoundingClientRect();
  const playing = [...element.querySelectorAll("video, audio")].some((one) => !one.paused);
  return playing || (box.bottom > 0 && box.top < innerHeight && box.width > 0);
}

function body(ids) {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", csrfToken());
  for (const id of ids) form.append("view", id);
  return form;
}

async function tell(path, ids) {
  try {
    const answer = await fetch(path, { method: "POST", body: body(ids), headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    // Without a connection nothing is counted; what was counted so far stays.
    return null;
  }
}

function coverAll() {
  for (const one of views()) one.querySelector("[data-cover-again]")?.click();
}

function judge(told) {
  if (!told) return;
  if (told.verdict === "stop") coverAll();
  if (told.verdict === "go_on") reminded = false;
  if (told.verdict === "rest" && !reminded) {
    reminded = true;
    toast({ title: say("restTitle"), text: say("restText", { time: duration(told.seconds) }), tone: "warning" });
  }
}

async function beat() {
  const here = views();
  // What was swapped away went out of sight without a word.
  const gone = [...known].filter((id) => !idsOf(here).includes(id));
  known = new Set(idsOf(here));
  if (gone.length) judge(await tell("/files/ends/", gone));
  const playing = here.some((one) => [...one.querySelectorAll("video, audio")].some((media) => !media.paused));
  if (document.hidden || (!playing && Date.now() - lastActive > ACTIVE_FOR)) return;
  const seen = idsOf(here.filter(inSight));
  if (seen.length) judge(await tell("/files/beats/", seen));
}

setInterval(() => (known.size || views().length) && beat(), BEAT);
for (const kind of ["pointermove", "keydown", "scroll", "touchstart"]) {
  addEventListener(kind, () => (lastActive = Date.now()), { passive: true, capture: true });
}

// The keyboard goes on where it was: from the button that showed a file to the one that covers it again, and back.
document.addEventListener("htmx:after:settle", () => {
  for (const one of views()) {
    if (known.has(one.dataset.view)) continue;
    known.add(one.dataset.view);
    if (document.activeElement === document.body) one.querySelector("[data-cover-again]")?.focus({ preventScroll: true });
  }
});

document.addEventListener("visibilitychange", () => document.hidden && known.size && beat());
addEventListener("pagehide", () => known.size && navigator.sendBeacon("/files/ends/", body(known)));
// Brought back by the browser's button, the page would show what is no longer counted.
addEventListener("pageshow", (event) => {
  if (!event.persisted || !views().length) return;
  for (const one of views()) htmx.ajax("POST", `/files/views/${one.dataset.view}/end/`, { target: one, swap: "outerHTML" });
});
