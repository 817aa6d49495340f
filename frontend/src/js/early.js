// Runs before the first paint where nobody knows yet whether the device is dark; from then on a cookie says it.
const { dataset, classList } = document.documentElement;

if ((dataset.theme || "system") === "system") classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
