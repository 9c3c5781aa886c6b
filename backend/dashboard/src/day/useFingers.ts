/** Pointers on a drawing: one drags, two pinch, a mouse without a button points. */
import { type PointerEvent, useRef } from "react";

interface Acts {
  /** Dragged to the right by so many pixels. */
  onMove: (by: number) => void;
  /** The seen width changes by a factor, around a place. */
  onPinch: (factor: number, x: number) => void;
  onPoint: (x: number, y: number) => void;
  onPress: (x: number, y: number) => void;
  onLeave: () => void;
}

interface Finger {
  x: number;
  y: number;
}

/** Below this a press is a click, however unsteady the hand. */
const STILL = 4;

export function useFingers(acts: Acts) {
  const down = useRef(new Map<number, Finger>());
  const travelled = useRef(0);
  const at = (event: PointerEvent<HTMLElement>): Finger => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const lift = (event: PointerEvent<HTMLElement>) => {
    down.current.delete(event.pointerId);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (down.current.size === 0) travelled.current = 0;
      down.current.set(event.pointerId, at(event));
      // Held, so that a drag may leave the drawing; not everywhere can a pointer be held.
      event.currentTarget.setPointerCapture?.(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const now = at(event);
      const before = down.current.get(event.pointerId);
      if (!before) {
        acts.onPoint(now.x, now.y);
        return;
      }
      down.current.set(event.pointerId, now);
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        travelled.current += STILL;
        const was = Math.max(20, Math.abs(before.x - other.x));
        const is = Math.max(20, Math.abs(now.x - other.x));
        if (was !== is) acts.onPinch(was / is, (now.x + other.x) / 2);
        return;
      }
      travelled.current += Math.abs(now.x - before.x);
      if (travelled.current >= STILL) acts.onMove(now.x - before.x);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const now = at(event);
      if (down.current.size === 1 && travelled.current < STILL) acts.onPress(now.x, now.y);
      lift(event);
    },
    onPointerCancel: lift,
    onPointerLeave: acts.onLeave,
  };
}
