// Passing messages. What the server says arrives as a fragment; here is what the server could not say itself.
import { say } from "./texts.js";

const ICONS = { error: "circle-x", warning: "triangle-alert", info: "info", success: "circle-check" };

export function toast({ title, text = "", tone = "error" }) {
  const pile = document.getElementById("toaster");
  const shown = [...pile.querySelectorAll('.toast:not([aria-hidden="true"]) h2')];
  if (shown.some((one) => one.textContent === title)) return null;
  const box = make("div", "toast");
  Object.assign(box.dataset, { category: tone, duration: tone === "error" ? "-1" : "5000" });
  box.setAttribute("role", tone === "error" ? "alert" : "status");
  const content = make("div", "toast-content");
  const words = make("section");
  words.append(make("h2", "", title));
  if (text) words.append(make("p", "", text));
  const foot = make("footer");
  const close = make("button", "btn");
  Object.assign(close, { type: "button" });
  Object.assign(close.dataset, { variant: "ghost", size: "icon-sm", toastClose: "" });
  close.setAttribute("aria-label", say("close"));
  close.append(icon("x"));
  foot.append(close);
  content.append(icon(ICONS[tone]), words, foot);
  box.append(content);
  pile.append(box);
  return box;
}

export function make(tag, classes = "", text = "") {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (text) element.textContent = text;
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  // The first sprite's hashed address is known from any of its icons that the server drew.
  const sprite = document.querySelector('svg.icon use[href*="/icons-"]')?.getAttribute("href")?.split("#")[0] ?? "";
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

const isRefresh = (ctx) => ctx.request?.method === "GET" && ctx.sourceEvent?.type !== "click" && ctx.sourceEvent?.type !== "submit";

// The server's own refusals bring their toast along; an answer without one came from something in between.
document.addEventListener("htmx:response:error", (event) => {
  const { ctx } = event.detail;
  if (ctx.text.includes("<hx-partial") || ctx.sourceElement.matches("[data-composer]") || isRefresh(ctx)) return;
  if (ctx.response.headers.get("HX-Trigger")?.includes("steward:refused")) return;
  toast({ title: say("failed"), text: say("failedHint") });
});

// The network failed. Live refreshes stay quiet: the connection mark says it for all of them.
document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || isRefresh(ctx) || ctx.sourceElement.matches("[data-composer]")) return;
  const slow = ctx.request?.signal?.reason === "timeout";
  toast({ title: say(slow ? "tooSlow" : "noConnection"), text: say("failedHint") });
});
