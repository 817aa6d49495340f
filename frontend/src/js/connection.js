// Says when the live connection is lost for longer than a moment, and when it is back.
import { announce, say } from "./texts.js";

const QUIET_FOR = 2_500;
let lostTimer = 0;

export function showState(state) {
  clearTimeout(lostTimer);
  if (state === "connected") return mark("connected");
  // A pause of a moment is nobody's concern.
  lostTimer = setTimeout(() => mark(state), QUIET_FOR);
}

function mark(state) {
  const before = document.documentElement.dataset.connection;
  if (before === state || (!before && state === "connected")) return;
  document.documentElement.dataset.connection = state;
  const words = state === "connected" ? "" : say("reconnecting");
  for (const place of document.querySelectorAll("[data-connection-text]")) place.textContent = words;
  if (state === "connected") announce(say("connected"));
}
