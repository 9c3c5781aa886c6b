/** Which lines of a long list exist, and where: those in view and a few around them. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { Line } from "../../live/groups";

export interface PlacedLine {
  line: Line;
  /** Among all lines, from 0. */
  index: number;
  /** Pixels from the top of the page. */
  start: number;
}

/** Heights are the style sheet's: nothing is measured line by line. */
export function useLines(lines: readonly Line[], heightOf: (line: Line) => number) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const heights = lines.map(heightOf);
  // One text for all of them: it changes exactly when a line stands elsewhere.
  const layout = heights.join();
  const virtual = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => heights[index] ?? 0,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 6,
    scrollMargin: top,
  });
  useLayoutEffect(() => {
    if (layout !== "") virtual.measure();
  }, [layout, virtual]);
  const items = virtual.getVirtualItems().flatMap((item): PlacedLine[] => {
    const line = lines[item.index];
    return line ? [{ line, index: item.index, start: item.start }] : [];
  });
  return { list, top, total: virtual.getTotalSize(), items };
}
