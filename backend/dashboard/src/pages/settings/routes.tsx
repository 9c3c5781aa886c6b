/** Joins the pages of an organization's settings to their addresses. */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { auditRoute } from "../../routes/settings";
import { meQuery } from "../../session";
import { Audit } from "./Audit";
import { Organization } from "./Organization";
import { Policy } from "./Policy";

export function OrganizationRoute() {
  const queries = useQueryClient();
  const router = useRouter();
  const again = async () => {
    await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    await router.invalidate();
  };
  return <Organization onChanged={() => void again()} />;
}

export function PolicyRoute() {
  return <Policy />;
}

export function AuditRoute() {
  const filter = auditRoute.useSearch();
  const navigate = auditRoute.useNavigate();
  return <Audit filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />;
}
