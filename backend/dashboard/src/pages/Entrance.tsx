/** The frame of the pages before the log-in: one calm column with the mark above. */
import type { ReactNode } from "react";
import { text } from "../text/en";
import { LanguageChoice } from "../ui/LanguageChoice";
import { Logo } from "../ui/Logo";
import classes from "./Entrance.module.css";

export function Entrance(props: {
  title: string;
  /** The title as it is shown, where it is more than its words. */
  heading?: ReactNode;
  lead?: string;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <main className={classes.page} id="content">
      <title>{text.pageTitle(props.title)}</title>
      <div className={classes.column} data-wide={props.wide ?? false}>
        <div className={classes.brand}>
          <Logo size={36} />
          <span>{text.product}</span>
          <LanguageChoice />
        </div>
        <h1>{props.heading ?? props.title}</h1>
        {props.lead && <p className={classes.lead}>{props.lead}</p>}
        {props.children}
      </div>
    </main>
  );
}
