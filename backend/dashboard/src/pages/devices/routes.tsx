/** Joins the pages about devices to their addresses. */
import { devicesRoute } from "../../routes/people";
import { insideRoute } from "../../routes/roots";
import { Devices } from "./Devices";
import { Tokens } from "./Tokens";

export function DevicesRoute() {
  const { me } = insideRoute.useRouteContext();
  const { show } = devicesRoute.useSearch();
  const navigate = devicesRoute.useNavigate();
  return (
    <Devices
      viewer={me.role}
      shown={show ?? "all"}
      onShown={(shown) =>
        void navigate({ search: shown === "all" ? {} : { show: shown }, replace: true })
      }
    />
  );
}

export function TokensRoute() {
  return <Tokens />;
}
