/** What may be wider than the screen: it scrolls by itself, by keyboard too, and shows that it does. */
import { type ReactNode, useRef } from "react";
import classes from "./Sideways.module.css";
import { useEdges } from "./useEdges";

export function Sideways(props: { label: string; children: ReactNode }) {
  const scroll = useRef<HTMLElement>(null);
  useEdges(scroll);
  return (
    <section
      ref={scroll}
      className={`${classes.scroll} wp-edges`}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it
      tabIndex={0}
    >
      {props.children}
    </section>
  );
}
