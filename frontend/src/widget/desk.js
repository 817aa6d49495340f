// Talking to the desk: a session by the page's token, renewed when it is over; what is refused says why, what is out of reach says so.
export class Refused extends Error {
  constructor(status, told) {
    super(told.message || "");
    Object.assign(this, { status, code: told.code || "", hint: told.hint || "", again: Boolean(told.again) });
  }
}

export class OutOfReach extends Error {}

export class Desk {
  constructor(wishes) {
    this.wishes = wishes;
    this.limits = { kept: [], most_bytes: 25e6, most_body: 26e6, most_files: 10 };
    this.subject = "";
  }

  // One exchange at a time, however many ask.
  session(fresh = false) {
    if (fresh) this.held = null;
    this.held ??= this.exchange().catch((error) => {
      this.held = null;
      throw error;
    });
    return this.held;
  }

  async exchange() {
    const token = await this.token();
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    const told = await this.send("session/", { body: form({ site: this.wishes.site, token, zone }) });
    this.limits = told;
    return told.session;
  }

  async token() {
    let token;
    try {
      token = await this.wishes.token();
    } catch {
      throw new OutOfReach();
    }
    if (!token) throw new Refused(401, { code: "no_token" });
    this.subject = subjectOf(token);
    return token;
  }

  async call(path, { query = {}, values = null, raw = false, signal } = {}, again = true) {
    const session = await this.session();
    try {
      return await this.send(path, { query, body: values && form(values), session, raw, signal });
    } catch (error) {
      if (!again || !(error instanceof Refused) || !error.again) throw error;
      await this.session(true);
      return this.call(path, { query, values, raw, signal }, false);
    }
  }

  async send(path, { query = {}, body = null, session = "", raw = false, signal, after = "" }) {
    const address = new URL(`/widget/${path}`, this.wishes.desk);
    for (const [name, value] of Object.entries({ language: this.wishes.language, ...query })) if (value) address.searchParams.set(name, value);
    const headers = { Accept: "application/json" };
    if (session) headers.Authorization = `Bearer ${session}`;
    if (after) headers["Last-Event-ID"] = after;
    let answer;
    try {
      answer = await fetch(address, { method: body ? "POST" : "GET", body, headers, signal, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" });
    } catch (error) {
      throw error.name === "AbortError" ? error : new OutOfReach();
    }
    if (answer.status >= 500) throw new OutOfReach();
    if (raw && answer.ok) return answer;
    if (answer.status === 204) return null;
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, told.error || {});
    return told;
  }
}

function form(values) {
  const made = new FormData();
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) for (const file of value) made.append(name, file, file.name);
    else made.append(name, value ?? "");
  }
  return made;
}

// Whose words are kept while nobody can be asked: never shown and never believed, only told apart.
function subjectOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub || "";
  } catch {
    return "";
  }
}
