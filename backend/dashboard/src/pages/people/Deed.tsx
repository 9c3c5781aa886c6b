/** Something that can be done, with what it does beside it. */
import type { ReactNode } from "react";
import classes from "./Deed.module.css";

export function Deed(props: { lead: string; children: ReactNode }) {
  return (
    <div className={classes.deed}>
      <p>{props.lead}</p>
      {props.children}
    </div>
  );
}
