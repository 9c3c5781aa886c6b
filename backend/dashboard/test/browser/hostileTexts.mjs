// Three hundred texts that somebody might call a window, a project or themselves to break what shows
// them. The same every time, each another one, each short enough for every field that is shown.
import { HOSTILE, random } from "./people.mjs";

const TAGS = [
  "img",
  "svg",
  "video",
  "details",
  "iframe",
  "input",
  "body",
  "math",
  "marquee",
  "object",
];
const EVENTS = ["onerror", "onload", "ontoggle", "onfocus", "onmouseover", "onanimationstart"];
const QUOTES = ['"', "'", "`", '">', "'>", "-->", "</title>", "</textarea>", "</style>", "]]>"];
const SCHEMES = [
  "javascript:",
  "JaVaScRiPt:",
  "java\tscript:",
  "data:text/html,",
  "vbscript:",
  "//",
];
const BIDI = ["\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u200f", "\u061c"];
const RTL = ["تقرير ربع سنوي", "דוח רבעוני", "فاتورة", "חשבונית", "گزارش", "ܐܪܡܝܐ"];
const NEARLY_NOTHING = [
  "\u0000",
  "\u0008",
  "\u007f",
  "\u200b",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u0085",
];
const ANSI = [
  "\u001b[31m",
  "\u001b[2J",
  "\u001b]0;",
  "\u001b]8;;https://evil.example\u0007",
  "\u009b1m",
];
const FORMULAS = [
  "=cmd|'/C calc'!A0",
  "+SUM(1,1)",
  "-2+3",
  "@SUM(A1:A9)",
  '=HYPERLINK("//evil.example")',
];
const TEMPLATES = [
  "{{%}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to be shown, not to be filled in
  "${%}",
  "<%= % %>",
  "#{%}",
  "[[%]]",
  "{%% % %%}",
  "*{%}",
  "@(%)",
  "{@html %}",
];
const CALLS = ["alert(1)", "constructor.constructor('alert(1)')()", "7*7", "self.top.alert(1)"];
const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "null",
  "undefined",
  "NaN",
  "true",
  "[object Object]",
  "valueOf",
  "-0",
  "1e309",
];
const EMOJI = ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏿", "🇩🇪", "🧑🏽‍🚀", "#️⃣", "🫠", "❤️‍🔥"];
const OTHER = [
  "'; DROP TABLE users; --",
  "../../../../etc/passwd",
  "%s%n%x %(name)s {0}",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#x3c;img src=x onerror=alert(1)&#x3e;",
  "[a](javascript:alert(1))",
  "a\r\nSet-Cookie: a=b",
  "line\nbreak\n\n\nthree",
  "expression(alert(1))",
  "url(javascript:alert(1))",
  "@import '//evil.example'",
  "\\u003cscript\\u003e",
  "<!--<script>",
  "<![CDATA[<script>alert(1)</script>]]>",
  "𝕬𝖑𝖊𝖗𝖙 𝒶𝓁𝑒𝓇𝓉",
  "ﷺ ﷽",
  "İıŞşẞß ǅ",
  "ａｌｅｒｔ（１）",
];

const FAMILIES = [
  (_pick, n) => `<script>alert(${n})</script>`,
  (pick, n) => `<${pick(TAGS)} src=x ${pick(EVENTS)}=alert(${n})>`,
  (pick, n) => `${pick(QUOTES)}<${pick(TAGS)} ${pick(EVENTS)}="alert(${n})" autofocus tabindex=1>`,
  (pick, n) => `${pick(QUOTES)} ${pick(EVENTS)}=alert(${n}) x=${pick(QUOTES)}`,
  (pick, n) => `${pick(SCHEMES)}alert(${n})`,
  (pick, n) => `${pick(BIDI)}${pick(RTL)}${pick(BIDI)} fdp.${n}`,
  (pick, n) => `${pick(RTL)} ${n} ${pick(RTL)}`,
  (pick, n) => `${pick(NEARLY_NOTHING)}${n}${pick(NEARLY_NOTHING)}`,
  (pick, n) => `${pick(ANSI)}${n}\u001b[0m`,
  (pick, n) => `${pick(FORMULAS)} ${n}`,
  (pick, n) => `${pick(TEMPLATES).replace("%", pick(CALLS))} ${n}`,
  (pick, n) => `${pick(NAMES)}${n % 2 === 0 ? "" : ` ${n}`}`,
  (pick, n) => pick(EMOJI).repeat(1 + (n % 12)) + n,
  (pick, n) => `${pick(OTHER)} ${n}`,
  (pick, n) => `${pick(["W", "i", "ﷺ", "漢", "—", "_", "a.", "/"]).repeat(60 + (n % 60))}${n}`,
  (_pick, n) => `e${"\u0301\u0323\u0336".repeat(1 + (n % 30))} ${n}`,
];

/** `count` of them; the first are those that the mock shows everywhere. */
export function hostileTexts(count = 300) {
  const next = random(300);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const texts = new Set(HOSTILE.filter((text) => text.trim() !== ""));
  for (let n = 1; texts.size < count; n += 1) {
    texts.add(FAMILIES[n % FAMILIES.length](pick, n).slice(0, 200));
  }
  return [...texts];
}
