// Whether the desk can be reached, and asking for it now and then, less and less often, while it cannot.
export function reach(talk, fine) {
  if (fine === talk.fine) return;
  const was = talk.fine;
  talk.fine = fine;
  talk.view.warn(fine ? "" : talk.say("offline"), fine ? "" : "warn");
  if (fine && was === false) talk.view.tell(talk.say("back_again"));
  clearTimeout(talk.retry);
  if (!fine) talk.retry = setTimeout(() => knock(talk, 4000), 4000);
  talk.draw();
}

async function knock(talk, wait) {
  if (talk.fine !== false) return;
  if (!document.hidden) await talk.refresh();
  if (talk.fine === false) talk.retry = setTimeout(() => knock(talk, Math.min(wait * 1.5, 60_000)), wait);
  else if (talk.state && !talk.refused) talk.stream.follow(talk.number);
}
