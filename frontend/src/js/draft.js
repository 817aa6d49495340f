// What is being written, kept in this tab as long as the server does not have it: a reload, a time-out or a lost session loses nothing.
const LIVES_FOR = 7 * 24 * 3600 * 1000;
const nameOf = (key) => `draft:${key}`;

// `saved` says that the server has this text; without a server that keeps drafts it is never set.
export function keep(key, draft) {
  try {
    if (draft.body.trim()) sessionStorage.setItem(nameOf(key), JSON.stringify({ ...draft, at: Date.now() }));
    else sessionStorage.removeItem(nameOf(key));
  } catch {
    // Storage is full or switched off: the text is still in the box.
  }
}

export function recall(key) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(nameOf(key)) ?? "null");
    return draft && Date.now() - draft.at < LIVES_FOR ? draft : null;
  } catch {
    return null;
  }
}

export function forget(key) {
  try {
    sessionStorage.removeItem(nameOf(key));
  } catch {
    // Nothing was kept.
  }
}
