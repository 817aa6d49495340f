// The help chat on a page of the company: one script tag, no cookie, nothing inline, nothing evaluated.
import { options } from "./options.js";
import { Desk } from "./desk.js";
import { Outbox } from "./outbox.js";
import { Talk } from "./talk.js";
import { View } from "./view.js";

const start = () => {
  if (window.StewardWidget) return;
  const wishes = options(script);
  if (!wishes.site) {
    console.error("Steward: the script tag needs data-site.");
    return;
  }
  const desk = new Desk(wishes);
  const view = new View(wishes);
  const talk = new Talk(desk, view, new Outbox(wishes.site), wishes);
  window.StewardWidget = Object.freeze({
    open: () => talk.open(),
    close: () => talk.close(),
    // What a page with one address and many views tells when the view changes.
    context: (told) => Object.assign(wishes.page, told),
    signOut: () => talk.signOut(),
  });
  talk.begin();
};

const script = document.currentScript ?? document.querySelector("script[data-site][src*='widget.js']");
if (document.body) start();
else document.addEventListener("DOMContentLoaded", start, { once: true });
