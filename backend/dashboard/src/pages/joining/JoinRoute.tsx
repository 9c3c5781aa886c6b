/** Joins the join page to its address and the secret of its link. */
import { Link, useRouter } from "@tanstack/react-router";
import { joinRoute } from "../../routes/entrance";
import { forgetSecret, useSecret } from "../../secret";
import { joining } from "../../text/joining";
import { Join } from "./Join";
import { JoinById } from "./JoinById";

export function JoinRoute() {
  const router = useRouter();
  const token = useSecret("/join");
  const { organization } = joinRoute.useSearch();
  const toLogin = <Link to="/login">{joining.join.toLogin}</Link>;
  if (token === null) return <JoinById organization={organization ?? ""} toLogin={toLogin} />;
  return (
    <Join
      key={token}
      token={token}
      toLogin={toLogin}
      onJoined={() => {
        void router.navigate({ to: "/", replace: true }).then(forgetSecret);
      }}
      onJoinedOnly={() => {
        void router
          .navigate({ to: "/login", search: { note: "joined" }, replace: true })
          .then(forgetSecret);
      }}
    />
  );
}
