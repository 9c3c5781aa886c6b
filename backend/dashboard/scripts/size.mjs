// Prints what each part of the dashboard weighs, and fails over the budget for the scripts of the
// first load: the log-in's successor, the live page, with everything that it imports.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = new URL("../dist/", import.meta.url).pathname;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const read = (name) => readFileSync(join(dist, "assets", name));
const names = readdirSync(join(dist, "assets")).filter((name) => /\.(js|css)$/.test(name));
const sizes = new Map(names.map((name) => [name, gzipSync(read(name), { level: 9 }).length]));

/** A script, and what it imports before it runs. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, other] of read(name)
    .toString()
    .matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    withImports(other, seen);
  }
  return seen;
}

const html = readFileSync(join(dist, "index.html"), "utf8");
const entry = /src="\/assets\/([^"]+\.js)"/.exec(html)?.[1];
const first = new Set();
for (const start of [entry, ...names.filter((n) => /^(InsideRoute|LiveRoute)-.*\.js$/.test(n))]) {
  if (!start) throw new Error("index.html names its script");
  withImports(start, first);
}
if (![...first].some((name) => name.startsWith("LiveRoute-"))) {
  throw new Error("the live page is a script of its own");
}

for (const name of names.sort()) {
  const mark = first.has(name) ? "first load" : "";
  console.log(`${kb(sizes.get(name)).padStart(10)} gzip  ${mark.padEnd(10)}  assets/${name}`);
}
const sum = (list) => list.reduce((all, name) => all + sizes.get(name), 0);
const all = names.filter((name) => name.endsWith(".js"));
const loaded = sum([...first]);
console.log(
  `scripts of the first load ${kb(loaded)} gzip of ${BUDGET_KB} kB; all pages together ${kb(sum(all))}`,
);
if (loaded > BUDGET_KB * 1000) {
  console.error(
    `The first load is over its budget of ${BUDGET_KB} kB: split a route, or drop a dependency.`,
  );
  process.exit(1);
}
