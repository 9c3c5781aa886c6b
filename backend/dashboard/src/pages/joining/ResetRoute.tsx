/** Joins the reset page to the secret of its link. */
import { Link } from "@tanstack/react-router";
import { forgetSecret, useSecret } from "../../secret";
import { joining } from "../../text/joining";
import { Reset } from "./Reset";

export function ResetRoute() {
  const token = useSecret("/reset");
  return (
    <Reset
      token={token}
      toLogin={<Link to="/login">{joining.reset.login}</Link>}
      askAgain={<Link to="/forgot">{joining.reset.again}</Link>}
      onReset={forgetSecret}
    />
  );
}
