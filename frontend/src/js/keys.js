// Keys as this person's keyboard names them.
const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);

export function showKeys(root = document) {
  for (const key of root.querySelectorAll("kbd[data-keys]")) {
    key.textContent = key.dataset.keys
      .replace("Mod+", IS_MAC ? "⌘ " : "Ctrl ")
      .replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase())
      .replace("Enter", "↵");
  }
}
