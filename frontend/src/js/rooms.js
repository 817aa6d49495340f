// Who is at which ticket: the last that was heard, for parts of the page that are drawn later and for tabs that open later.
const rooms = new Map();

export function peopleAt(ticket) {
  return rooms.get(ticket) ?? [];
}

export function meet({ ticket, people }) {
  rooms.set(ticket, people);
  document.dispatchEvent(new CustomEvent("steward:here", { detail: { ticket, people } }));
}

// A tab that opens a ticket which another one shows already: the stream stays as it is, and would tell it nothing.
export function passOn(topics, channel) {
  for (const topic of topics) {
    const ticket = topic.startsWith("here:") ? Number(topic.slice(5)) : 0;
    if (rooms.has(ticket)) channel?.postMessage({ event: { kind: "here", ticket, people: rooms.get(ticket) } });
  }
}
