// Which of the pages are only opened and looked at: what is looked for everywhere is looked for there.
import { PAGES } from "./pages.mjs";

/** Pages that are opened and looked at, without anything being done on them. */
export function plainPages() {
  const addresses = new Set();
  return Object.entries(PAGES).filter(([name, spec]) => {
    const once = `${spec.options?.role} ${spec.address}`;
    const inside = spec.options?.role !== undefined && spec.address !== undefined;
    const plain = inside && PAGES[`${name}-hostile`] !== undefined && !addresses.has(once);
    if (plain) addresses.add(once);
    return plain;
  });
}
