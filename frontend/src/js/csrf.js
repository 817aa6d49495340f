// The token that proves a form came from here. Signing in again, in this tab or another, makes a new one: the cookie has it,
// the page may still hold the old one.

export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  return cookie ?? document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

document.addEventListener("submit", (event) => {
  const field = event.target.elements?.namedItem("csrfmiddlewaretoken");
  const token = csrfToken();
  if (field instanceof HTMLInputElement && token) field.value = token;
}, true);
