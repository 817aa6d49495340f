// Bundles styles and scripts, draws the icon sprite, and writes them with their hashes in their names.
// Run with any Node from 20: `node frontend/build.mjs`.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { purge } from "./purge.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const web = path.join(here, "..", "steward", "web");
const out = path.join(web, "static");
const lucide = path.join(here, "node_modules", "lucide-static", "icons");
const manifest = {};
const files = new Map();

function add(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const extension = path.extname(name);
  const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  manifest[name] = hashed;
  files.set(hashed, contents);
}

// What Lucide lacks: the timeline's dot, and priorities as bars of which the missing ones are still faintly there.
const bars = (full) =>
  [[3, 14, 6], [10, 9, 11], [17, 4, 16]]
    .map(([x, y, height], at) => `<rect x="${x}" y="${y}" width="4" height="${height}" rx="1.2" fill="currentColor"${at < full ? "" : ' opacity="0.28"'}/>`)
    .join("");
const OWN = [
  '<symbol id="dot" viewBox="0 0 24 24"><circle cx="12" cy="12" r="4" fill="currentColor"/></symbol>',
  '<symbol id="priority-urgent" viewBox="0 0 24 24"><path fill="currentColor" fill-rule="evenodd" d="M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Zm4.8 4 .4 6.5h1.6l.4-6.5Zm1.2 8a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8Z"/></symbol>',
  ...[1, 2, 3].map((full) => `<symbol id="bars-${full}" viewBox="0 0 24 24">${bars(full)}</symbol>`),
];
const OWN_NAMES = new Set(OWN.map((symbol) => symbol.match(/id="([^"]+)"/)[1]));

const OPTIONS = {
  absWorkingDir: here,
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  legalComments: "linked",
  target: ["chrome111", "firefox115", "safari16.4"],
  supported: { nesting: true },
  logLevel: "warning",
};
const scripts = path.join(here, "src", "js");

// A module is one module: what `app.js` holds is handed to `rest.js`, not brought a second time.
const shared = (held, asked) => ({
  name: "shared",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\// }, ({ path: name }) => (held.has(path.basename(name)) ? { path: path.basename(name), namespace: "shared" } : null));
    onLoad({ filter: /.*/, namespace: "shared" }, ({ path: name }) => {
      asked.add(name);
      return { contents: `module.exports = globalThis.stewardShared[${JSON.stringify(name)}];` };
    });
  },
});

async function held(entry) {
  const { metafile } = await build({ ...OPTIONS, entryPoints: [`src/js/${entry}`] });
  return new Set(Object.keys(metafile.inputs).filter((name) => name.startsWith("src/js/")).map((name) => path.basename(name)));
}

async function scriptsOfTheDesk() {
  const asked = new Set();
  const rest = await build({ ...OPTIONS, entryPoints: ["src/js/rest.js"], plugins: [shared(await held("app.js"), asked)] });
  const names = [...asked].sort();
  const contents = [
    'import "./app.js";',
    ...names.map((name, at) => `import * as m${at} from "./${name}";`),
    `globalThis.stewardShared = {${names.map((name, at) => `${JSON.stringify(name)}: m${at}`).join(", ")}};`,
  ].join("\n");
  take(rest, { "rest.js": "rest.js" });
  take(await build({ ...OPTIONS, entryNames: "app-[hash]", stdin: { contents, resolveDir: scripts, sourcefile: "desk.js" } }), { "desk.js": "app.js" });
}

// Every word that a template, a view or a script of ours says may be the name of a class or a mark.
async function words() {
  const found = { classes: new Set(), marks: new Set(), types: new Set() };
  const ours = [];
  for (const folder of [web, scripts]) for await (const file of sources(folder)) ours.push(file);
  for (const file of ours) {
    const text = await readFile(file, "utf8");
    for (const [word] of text.matchAll(/[\w-]+/g)) found.marks.add(word);
    for (const [, type] of text.matchAll(/\btype["']?\s*[=:]\s*["']([\w-]+)/g)) found.types.add(type);
    // In a script a class stands behind its dot, or among nothing but classes.
    const named = file.endsWith(".js") ? text.matchAll(/["'`]([\w -]+|[^"'`\n]*\.[^"'`\n]*)["'`]/g) : text.matchAll(/class(?:es)?=["']([^"']*)/g);
    for (const [, said] of named) {
      const isSelector = file.endsWith(".js") && /[^\w -]/.test(said);
      for (const [, word] of said.matchAll(isSelector ? /\.([\w-]+)/g : /([\w-]+)/g)) found.classes.add(word);
    }
  }
  return found;
}

async function styles() {
  const known = await words();
  const library = path.join(here, "node_modules", "basecoat-css", "dist", "basecoat-nova.cdn.css");
  const purged = {
    name: "purged",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^basecoat-nova$/ }, () => ({ path: library }));
      onLoad({ filter: /basecoat-nova\.cdn\.css$/ }, async () => ({ contents: purge(await readFile(library, "utf8"), known), loader: "css" }));
    },
  };
  take(await build({ ...OPTIONS, entryPoints: ["src/css/app.css", "src/css/rest.css", "src/css/contrast.css"], plugins: [purged] }));
}

// What other pages of the company load: one file with its styles inside; its words are put in where it is served.
async function widget() {
  const folder = path.join(here, "src", "widget");
  const inside = {
    name: "styles-inside",
    setup({ onLoad }) {
      onLoad({ filter: /widget\.css$/ }, async ({ path: file }) => {
        const { outputFiles } = await build({ ...OPTIONS, entryPoints: [file], metafile: false });
        return { contents: outputFiles[0].text.trim(), loader: "text" };
      });
    },
  };
  const made = await build({ ...OPTIONS, entryPoints: [path.join(folder, "main.js")], entryNames: "widget-[hash]", legalComments: "none", plugins: [inside] });
  take(made, { "main.js": "widget.js" });
}

async function bundle() {
  await widget();
  await scriptsOfTheDesk();
  await styles();
  take(await build({ ...OPTIONS, entryPoints: ["src/js/portal.js", "src/js/early.js", "src/js/redact.js"] }));
}

// What came out of a build, under its plain name and its hashed one.
function take(result, names = {}) {
  for (const file of result.outputFiles) files.set(path.basename(file.path), file.contents);
  for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    const name = entryPoint && (names[path.basename(entryPoint)] ?? path.basename(entryPoint));
    if (name) manifest[name] = path.basename(file);
  }
}

async function* sources(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() && !["static", "__pycache__"].includes(entry.name)) yield* sources(full);
    else if (/\.(html|py|js)$/.test(entry.name)) yield full;
  }
}

// Words of every day that Lucide has a picture for: they count only where an icon is plainly asked for.
const NOT_MEANT = new Set(
  "calendars code columns command component cookie delete file files filter focus form frame ghost group home image import key languages layout library navigation option palette percent presentation radio redo replace rows save scroll section sheet stars table tags target text tickets timeline type undo user video view mouse".split(" "),
);

// What the list of tickets may show stands in the first sprite; the pages beside it have a second one.
const FAR = /components[/\\](conversation|composer|media|fields|forms)\.html$|login\.html$/;
const isNear = (file) => !FAR.test(file) &&  /[/\\](shared|inbox|verbs)[/\\]|commands\.py$|\.js$/.test(path.relative(web, file).replace(/^/, "/"));

// Any quoted word that is the name of an icon counts as used: tables hand names on to templates.
// What is plainly asked for as an icon has to exist.
async function iconsUsed() {
  const known = new Set((await readdir(lucide)).map((name) => path.basename(name, ".svg")));
  const used = new Map();
  const use = (name, file) => used.set(name, used.get(name) || isNear(file));
  const missing = [];
  // The verbs that can be done to many rows stand in the list, with the signs their packages give them.
  for (const folder of [web, path.join(web, "..", "desk", "actions", "verbs"), path.join(here, "src", "js")]) {
    for await (const file of sources(folder)) {
      const text = await readFile(file, "utf8");
      for (const [, name] of text.matchAll(/["']([a-z][a-z0-9-]*)["']/g)) if (known.has(name) && !OWN_NAMES.has(name) && !NOT_MEANT.has(name)) use(name, file);
      for (const [, name] of text.matchAll(/(?:\bicon\(|\bsign=|\bicon=)["']([^"']+)["']/g)) {
        if (known.has(name)) use(name, file);
        else if (!OWN_NAMES.has(name)) missing.push(`${path.relative(here, file)}: ${name}`);
      }
    }
  }
  // Packages below the screens name the signs of what they tell, such as the kinds of notices.
  for await (const file of sources(path.join(web, ".."))) {
    if (!path.relative(web, file).startsWith("..")) continue;
    for (const [, name] of (await readFile(file, "utf8")).matchAll(/\bsign=["']([^"']+)["']/g)) {
      if (known.has(name)) used.set(name, used.get(name) ?? false);
      else if (!OWN_NAMES.has(name)) missing.push(`${path.relative(here, file)}: ${name}`);
    }
  }
  if (missing.length) throw new Error(`These icons do not exist in Lucide:\n${missing.join("\n")}`);
  return [...used].sort();
}

async function sprite(icons, own) {
  const symbols = [];
  for (const name of icons) {
    const svg = await readFile(path.join(lucide, `${name}.svg`), "utf8");
    const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`,
    );
  }
  symbols.push(...own);
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function write() {
  await mkdir(out, { recursive: true });
  const kept = new Set(["manifest.json"]);
  for (const [name, contents] of files) {
    kept.add(name);
    await put(name, contents);
    if (/\.(css|js|svg|txt)$/.test(name)) {
      kept.add(`${name}.gz`);
      await put(`${name}.gz`, gzipSync(contents, { level: 9 }));
      kept.add(`${name}.br`);
      await put(`${name}.br`, brotli(contents));
    }
  }
  // Last, and in one step: a server reading it meanwhile sees the old files or the new ones.
  await put("manifest.json", `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
  // A server that runs goes on handing out the files it started with: they stay for a day, unless --clean asks otherwise.
  const old = Date.now() - 24 * 3600 * 1000;
  for (const name of await readdir(out)) {
    if (kept.has(name)) continue;
    const { mtimeMs } = await stat(path.join(out, name));
    if (process.argv.includes("--clean") || mtimeMs < old) await rm(path.join(out, name), { recursive: true });
  }
}

function brotli(contents) {
  return brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } });
}

async function put(name, contents) {
  await writeFile(path.join(out, `.${name}.part`), contents);
  await rename(path.join(out, `.${name}.part`), path.join(out, name));
}

await bundle();
const icons = await iconsUsed();
add("icons.svg", await sprite(icons.filter(([, near]) => near).map(([name]) => name), OWN));
add("more.svg", await sprite(icons.filter(([, near]) => !near).map(([name]) => name), []));
await write();
const size = (name) => `${name} ${(brotli(files.get(manifest[name])).length / 1024).toFixed(1)} KB`;
console.log(`Built ${Object.keys(manifest).sort().map(size).join(", ")} (compressed).`);
