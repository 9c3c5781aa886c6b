/** Pages for when there is no page: a wrong address, or something that broke. */
import { Link } from "@tanstack/react-router";
import { text } from "../text/en";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";

export function Missing() {
  return (
    <Entrance title={text.notFound.title} lead={text.notFound.detail}>
      <p className={classes.form}>
        <Link to="/live">{text.notFound.back}</Link>
      </p>
    </Entrance>
  );
}

export function Crash(props: { error: unknown; onRetry: () => void }) {
  return (
    <Entrance title={text.product}>
      <div className={classes.form}>
        <ProblemNote error={props.error} onRetry={props.onRetry} />
      </div>
    </Entrance>
  );
}
