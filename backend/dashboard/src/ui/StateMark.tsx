/** A state's mark: a shape as well as a color, so that it reads without either. */
import type { PersonStatus } from "../api/types";
import classes from "./StateMark.module.css";

const SHAPES: Record<PersonStatus, React.ReactNode> = {
  active: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  idle: (
    <>
      <circle cx="8" cy="8" r="5.1" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 2.9a5.1 5.1 0 0 0 0 10.2z" fill="currentColor" />
    </>
  ),
  unobserved: (
    <>
      <circle
        cx="8"
        cy="8"
        r="5.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeDasharray="2.6 1.4"
      />
      <path d="M5.6 10.4l4.8-4.8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  offline: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" />,
  not_working: <path d="M4 8h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
};

export function StateMark(props: { status: PersonStatus }) {
  return (
    <svg
      className={classes.mark}
      data-status={props.status}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
    >
      {SHAPES[props.status] ?? null}
    </svg>
  );
}
