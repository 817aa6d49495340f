// The look: light, dark, or whatever the device says; kept in a cookie so that the server paints it right.
const YEAR = 365 * 24 * 3600;

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

export function chooseTheme(value) {
  document.documentElement.dataset.theme = value;
  remember("theme", value);
  window.stewardPaint?.();
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-checked", String(button.dataset.themeChoice === value));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (button) chooseTheme(button.dataset.themeChoice);
});
