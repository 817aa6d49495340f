// Asking the desk from a script: the token goes along, and what comes back is told apart from what came in between.
import { csrfToken } from "./csrf.js";

// Gives {status, told}; status 0 means that nobody answered. A form's own answer to a lost session is 401.
export async function ask(address, fields = {}, { method = "POST", signal } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  try {
    const response = await fetch(address, {
      method,
      body: method === "GET" ? undefined : body,
      signal,
      redirect: "manual",
      headers: { Accept: "application/json", ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }) },
    });
    if (response.type === "opaqueredirect") return { status: 401, told: {} };
    return { status: response.status, told: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, told: {} };
  }
}

// A few last words when the page goes away; nobody hears the answer.
export function tellLast(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("csrfmiddlewaretoken", csrfToken());
  return navigator.sendBeacon?.(address, body) ?? false;
}
