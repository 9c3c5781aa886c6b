/** A list of lines of a form with a button that adds one: where the focus goes as they come and go. */
import { useRef } from "react";

export function useLines() {
  const made = useRef(0);
  const list = useRef<HTMLUListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  return {
    /** For the list and the button. */
    list,
    add,
    /** The key of a new line, which no other has; once it is drawn, its first field is focused. */
    begin: (): string => {
      made.current += 1;
      requestAnimationFrame(() => {
        list.current
          ?.querySelector<HTMLElement>("li:last-child :is(input, select, textarea)")
          ?.focus();
      });
      return `new-${made.current}`;
    },
    /** The button that took a line away is gone with it. */
    removed: () => add.current?.focus(),
  };
}
