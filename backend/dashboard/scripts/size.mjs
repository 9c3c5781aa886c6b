// Prints what a first visit to the live page loads, and fails over the budget for scripts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = new URL("../dist/", import.meta.url).pathname;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const files = readdirSync(join(dist, "assets")).filter((name) => /\.(js|css)$/.test(name));
const sums = { js: 0, css: 0 };
for (const name of files.sort()) {
  const size = gzipSync(readFileSync(join(dist, "assets", name)), { level: 9 }).length;
  sums[name.endsWith(".js") ? "js" : "css"] += size;
  console.log(`${kb(size).padStart(10)} gzip  assets/${name}`);
}
// All pages together: the first load is at most this.
console.log(`scripts ${kb(sums.js)} gzip of ${BUDGET_KB} kB, styles ${kb(sums.css)} gzip`);
if (sums.js > BUDGET_KB * 1000) {
  console.error(
    `The scripts are over their budget of ${BUDGET_KB} kB: split a route, or drop a dependency.`,
  );
  process.exit(1);
}
