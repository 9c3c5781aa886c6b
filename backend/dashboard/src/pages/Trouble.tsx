/** Pages for when there is no page: a wrong address, or something that broke. */
import { Link, useRouter } from "@tanstack/react-router";
import { createContext, use, useEffect } from "react";
import { forgetFailures } from "../routes/lazyPage";
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
        <ProblemNote
          error={props.error}
          onRetry={() => {
            forgetFailures();
            void router.invalidate();
          }}
        />
      </div>
    </Entrance>
  );
}

/** Whether the frame stands around what is drawn: what breaks there must not take it away. */
export const InFrame = createContext(false);

/** A page that broke, or whose script could not be loaded. Tried again when the network is back. */
export function PageFailed(props: { error: unknown }) {
  const router = useRouter();
  const inFrame = use(InFrame);
  useEffect(() => {
    const again = () => {
      forgetFailures();
      void router.invalidate();
    };
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      // Whoever comes back to the page tries it again.
      forgetFailures();
    };
  }, [router]);
  if (!inFrame) return <Crash error={props.error} />;
  return (
    <>
      <title>{text.pageTitle(text.problem.stopped)}</title>
      <h1>{text.problem.stopped}</h1>
      <ProblemNote
        error={props.error}
        onRetry={() => {
          forgetFailures();
          void router.invalidate();
        }}
      />
    </>
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
