/**
 * For what is wider than the screen and scrolls: marks at which edges there is more, so that the
 * style (`wp-edges`) fades it out there. A row that ends cleanly at the edge looks complete.
 */
import { type RefObject, useEffect } from "react";

/** Less than this is rounding, not something to be seen. */
const NOTHING = 2;

export function useEdges(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const one = element.current;
    if (one === null) return;
    const look = () => {
      // In a text from right to left the way is counted below zero.
      const before = Math.abs(one.scrollLeft);
      const after = one.scrollWidth - one.clientWidth - before;
      one.toggleAttribute("data-more-before", before > NOTHING);
      one.toggleAttribute("data-more-after", after > NOTHING);
    };
    look();
    one.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(one);
    for (const child of one.children) sizes.observe(child);
    return () => {
      one.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, [element]);
}
