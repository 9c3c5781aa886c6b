/** Joins the page for a forgotten password to its address. */
import { Link } from "@tanstack/react-router";
import { joining } from "../../text/joining";
import { Forgot } from "./Forgot";

export function ForgotRoute() {
  return <Forgot back={<Link to="/login">{joining.forgot.back}</Link>} />;
}
