// Runs before the first paint, so that a dark page is never shown light for a moment.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function paint() {
  const chosen = root.dataset.theme || "system";
  root.classList.toggle("dark", chosen === "dark" || (chosen === "system" && dark.matches));
}

paint();
dark.addEventListener("change", paint);
root.classList.add("js");
window.stewardPaint = paint;
