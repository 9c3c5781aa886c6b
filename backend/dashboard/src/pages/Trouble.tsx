/** Pages for when there is no page: a wrong address, or something that broke. */
import { Link, useRouter } from "@tanstack/react-router";
import { text } from "../text/en";
import { Logo } from "../ui/Logo";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";

export function Missing() {
  return (
    <Entrance title={text.notFound.title} lead={text.notFound.detail}>
      <p className={classes.form}>
        <Link to="/">{text.notFound.back}</Link>
      </p>
    </Entrance>
  );
}

/** A page of another role, inside the frame. */
export function NotForYou() {
  return (
    <>
      <title>{text.pageTitle(text.notForYou.title)}</title>
      <h1>{text.notForYou.title}</h1>
      <p className={classes.lead}>{text.notForYou.detail}</p>
    </>
  );
}

export function Crash(props: { error: unknown }) {
  const router = useRouter();
  return (
    <Entrance title={text.problem.stopped}>
      <div className={classes.form}>
        <ProblemNote error={props.error} onRetry={() => void router.invalidate()} />
      </div>
    </Entrance>
  );
}

/** Shown only when the first answer takes long: a page that flashes by is worse than none. */
export function Starting() {
  return (
    <main className={classes.starting} id="content">
      <Logo size={48} />
      <p role="status">{text.starting}</p>
    </main>
  );
}
