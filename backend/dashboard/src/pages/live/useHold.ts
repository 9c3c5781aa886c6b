/** Holds the order while somebody is at the list: nothing moves away under a pointer or a key. */
import type { FocusEvent, PointerEvent } from "react";

export function useHold(onHold: (hold: boolean) => void) {
  return {
    // A finger does not hover: its touch must not hold the order for good.
    onPointerEnter: (event: PointerEvent) => onHold(event.pointerType === "mouse"),
    onPointerLeave: (event: PointerEvent) => onHold(reachedByKeys(event.currentTarget)),
    onFocus: (event: FocusEvent) => {
      if (reachedByKeys(event.currentTarget)) onHold(true);
    },
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) onHold(false);
    },
  };
}

/** A click leaves a focus as well, which nobody sees and which must hold nothing. */
function reachedByKeys(list: Element): boolean {
  return list.querySelector(":focus-visible") !== null;
}
