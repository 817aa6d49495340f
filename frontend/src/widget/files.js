// A file needs the session to be fetched: it is kept by a link made for it, and a picture is painted, since the page may load none of ours.
const SIDE = 220;

export class Files {
  constructor(desk, ticket, failed) {
    Object.assign(this, { desk, ticket, failed });
  }

  async fetch(file) {
    const answer = await this.desk.call(`files/${file.id}/`, { query: { ticket: String(this.ticket()) }, raw: true });
    return answer.blob();
  }

  async download(file) {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await this.fetch(file));
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      this.failed();
    }
  }

  async picture(file, place) {
    try {
      const drawn = await createImageBitmap(await this.fetch(file));
      const scale = Math.min(1, SIDE / Math.max(drawn.width, drawn.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(drawn.width * scale));
      canvas.height = Math.max(1, Math.round(drawn.height * scale));
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      drawn.close();
      place.prepend(canvas);
      place.classList.add("pictured");
    } catch {
      // The name stands there already.
    }
  }
}
