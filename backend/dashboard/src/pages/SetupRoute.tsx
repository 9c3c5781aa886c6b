/** Joins the set-up to what follows it. */
import { useNavigate } from "@tanstack/react-router";
import { setupRoute } from "../routes/entrance";
import { Setup } from "./Setup";

export function SetupRoute() {
  const { codeRequired } = setupRoute.useRouteContext();
  const navigate = useNavigate();
  return (
    <Setup
      codeRequired={codeRequired}
      onLoggedIn={() => void navigate({ to: "/start", replace: true })}
      onCreatedOnly={() =>
        void navigate({ to: "/login", search: { note: "created" }, replace: true })
      }
    />
  );
}
