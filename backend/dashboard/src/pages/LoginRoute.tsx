/** Joins the log-in to its address: where to go afterwards, and why one is here. */
import { Link, useRouter } from "@tanstack/react-router";
import { loginRoute } from "../routes/entrance";
import { safeTarget } from "../session";
import { text } from "../text/en";
import { Login } from "./Login";

export function LoginRoute() {
  const router = useRouter();
  const { to, note } = loginRoute.useSearch();
  const notes = {
    ended: text.login.ended,
    created: text.setup.madeButNotLoggedIn,
    joined: text.login.joined,
  };
  return (
    <Login
      forgotten={<Link to="/forgot">{text.login.forgotten}</Link>}
      note={note ? notes[note] : null}
      onLoggedIn={() => router.history.replace(safeTarget(to))}
    />
  );
}
