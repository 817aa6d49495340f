// Files of a composer: chosen, pasted or dropped; checked before anything is sent, listed, and removable.
import { fileSize, say } from "./texts.js";
import { icon, make } from "./toast.js";

export function problemOf(file, files, { maxBytes, maxFiles }) {
  if (files.length >= maxFiles) return say("fileTooMany", { count: maxFiles });
  if (file.size === 0) return say("fileEmpty", { name: file.name });
  if (file.size > maxBytes) return say("fileTooLarge", { name: file.name, size: fileSize(file.size), limit: fileSize(maxBytes) });
  return "";
}

export class Attachments {
  constructor(form, onProblem) {
    this.input = form.querySelector("[data-composer-input]");
    this.list = form.querySelector("[data-composer-files]");
    this.limits = { maxBytes: Number(form.dataset.maxBytes), maxFiles: Number(form.dataset.maxFiles) };
    this.onProblem = onProblem;
    this.files = [];
    this.input.addEventListener("change", () => this.add([...this.input.files], true));
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      // A spreadsheet pastes a picture of itself along with its text: the text is what is meant.
      if (event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.add(files);
    });
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.toggleAttribute("data-dropping", true);
    });
    form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.toggleAttribute("data-dropping", false));
    form.addEventListener("drop", (event) => {
      form.toggleAttribute("data-dropping", false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
  }

  add(files, chosen = false) {
    const problems = [];
    for (const file of files) {
      if (chosen && this.files.includes(file)) continue;
      const problem = problemOf(file, this.files, this.limits);
      if (problem) problems.push(problem);
      else this.files.push(file);
    }
    this.show();
    this.onProblem(problems.join(" "));
  }

  clear() {
    this.files = [];
    this.show();
  }

  show() {
    const kept = new DataTransfer();
    for (const file of this.files) kept.items.add(file);
    this.input.files = kept.files;
    this.list.replaceChildren(...this.files.map((file) => this.row(file)));
  }

  row(file) {
    const row = make("li", "file");
    const name = make("span", "file-name", file.name);
    name.dir = "auto";
    const remove = make("button", "file-remove");
    remove.type = "button";
    remove.setAttribute("aria-label", say("removeFile", { name: file.name }));
    remove.append(icon("x"));
    remove.addEventListener("click", () => {
      this.files = this.files.filter((one) => one !== file);
      this.show();
    });
    row.append(icon("paperclip"), name, make("span", "muted", fileSize(file.size)), remove);
    return row;
  }
}
