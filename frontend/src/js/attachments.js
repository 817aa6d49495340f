// Files of a composer: chosen, pasted or dropped; checked before anything is sent, listed, and removable.
// Where the server keeps drafts a file goes there at once; one that could not stays here and goes with the message.
import { ask } from "./asking.js";
import { pick } from "./picking.js";
import { fileSize, say } from "./texts.js";
import { icon, make } from "./toast.js";

export function problemOf(file, count, { maxBytes, maxFiles }) {
  if (count >= maxFiles) return say("fileTooMany", { count: maxFiles });
  if (file.size === 0) return say("fileEmpty", { name: file.name });
  if (file.size > maxBytes) return say("fileTooLarge", { name: file.name, size: fileSize(file.size), limit: fileSize(maxBytes) });
  return "";
}

export class Attachments {
  constructor(form, onProblem) {
    this.form = form;
    this.input = form.querySelector("[data-composer-input]");
    this.list = form.querySelector("[data-composer-files]");
    this.limits = { maxBytes: Number(form.dataset.maxBytes), maxFiles: Number(form.dataset.maxFiles) };
    this.onProblem = onProblem;
    this.files = [];
    this.kept = [...form.querySelectorAll('input[name="draft_file"]')].map((one) => ({ id: Number(one.value), name: one.dataset.name, size: Number(one.dataset.size) }));
    this.input.addEventListener("change", () => this.offer([...this.input.files], true));
    form.addEventListener("steward:attach", (event) => this.add(event.detail.files));
    pick(form, (files) => this.offer(files));
    this.show();
  }

  get count() {
    return this.files.length + this.kept.length;
  }

  // Somebody may want to look at them first, as the editor of pictures does; then they come back by `steward:attach`.
  offer(files, chosen = false) {
    const fresh = chosen ? files.filter((file) => !this.files.includes(file)) : files;
    const event = new CustomEvent("steward:files", { bubbles: true, cancelable: true, detail: { files: fresh } });
    if (this.form.dispatchEvent(event)) this.add(fresh);
    else this.show();
  }

  add(files) {
    const problems = [];
    for (const file of files) {
      const problem = problemOf(file, this.count, this.limits);
      if (problem) {
        problems.push(problem);
        continue;
      }
      this.files.push(file);
      if (this.form.dataset.save) this.upload(file);
    }
    this.show();
    this.onProblem(problems.join(" "));
  }

  async upload(file) {
    const { status, told } = await ask(`${this.form.dataset.save}files/`, { file, client_token: this.form.elements.client_token.value });
    const at = this.files.indexOf(file);
    if (status === 200 && at < 0) ask(`/writing/files/${told.id}/remove/`);
    if (at < 0 || this.form.hasAttribute("data-sending")) return;
    if (status === 200) {
      this.files.splice(at, 1);
      this.kept.push(told);
      this.form.dispatchEvent(new CustomEvent("steward:typed", { bubbles: true }));
    } else if (status === 422) {
      this.files.splice(at, 1);
      this.onProblem([told.error?.message, told.error?.hint].filter(Boolean).join(" "));
    }
    this.show();
  }

  fill(kept) {
    this.kept = kept;
    this.show();
  }

  clear() {
    this.files = [];
    this.fill([]);
  }

  show() {
    const carried = new DataTransfer();
    for (const file of this.files) carried.items.add(file);
    this.input.files = carried.files;
    for (const old of this.form.querySelectorAll('input[name="draft_file"]')) old.remove();
    for (const { id } of this.kept) {
      const field = Object.assign(make("input"), { type: "hidden", name: "draft_file", value: String(id) });
      this.form.append(field);
    }
    this.form.elements.body.required = this.count === 0;
    this.list.replaceChildren(...this.kept.map((file) => this.row(file, true)), ...this.files.map((file) => this.row(file, false)));
  }

  row(file, isKept) {
    const row = make("li", "file");
    const name = make("span", "file-name", file.name);
    name.dir = "auto";
    const remove = make("button", "file-remove");
    remove.type = "button";
    remove.setAttribute("aria-label", say("removeFile", { name: file.name }));
    remove.append(icon("x"));
    remove.addEventListener("click", () => {
      if (isKept) ask(`/writing/files/${file.id}/remove/`);
      this.files = this.files.filter((one) => one !== file);
      this.kept = this.kept.filter((one) => one !== file);
      this.show();
    });
    row.append(icon("paperclip"), name, make("span", "muted", fileSize(file.size)), remove);
    return row;
  }
}
