// The faces of who is at the ticket, and a louder line for who is writing.
import { say } from "./texts.js";
import { icon, make } from "./toast.js";

const MOST_FACES = 5;
const WRITES = { requester: "hereAsks", reply: "hereReplies", note: "hereNotes" };

function face({ name, initials, hue, does }) {
  const avatar = make("span", "avatar person-avatar");
  Object.assign(avatar.dataset, { hue, size: "sm", does });
  avatar.title = say(does === "view" ? "hereLooks" : WRITES[does], { name });
  avatar.append(make("span", "", initials), make("span", "sr-only", avatar.title));
  return avatar;
}

function draw(place, people) {
  place.dataset.drawn = "yes";
  const faces = place.querySelector("[data-here-faces]");
  const colleagues = people.filter((one) => one.does !== "requester");
  const more = colleagues.length - MOST_FACES;
  faces.replaceChildren(...colleagues.slice(0, MOST_FACES).map(face), ...(more > 0 ? [make("span", "muted", `+${more}`)] : []));
  const writing = people.filter((one) => one.does in WRITES);
  const line = place.querySelector("[data-here-writing]");
  const words = writing.map((one) => say(WRITES[one.does], one)).join(" ");
  // The same words are not said twice to whoever listens to the page.
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  line.hidden = !words;
  line.dataset.loud = writing.some((one) => one.does === "reply") ? "reply" : writing[0]?.does ?? "";
  line.replaceChildren(...(words ? [icon("pencil"), make("span", "", words)] : []));
}

document.addEventListener("steward:here", (event) => {
  const { ticket, people } = event.detail;
  for (const place of document.querySelectorAll(`[data-here="${ticket}"]`)) draw(place, people);
});
