/** The names behind the ids of audit entries: an entry keeps ids, because names change. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { devices } from "../../api/devices";
import type { AuditEntry } from "../../api/settings";
import { webhooks } from "../../api/webhooks";
import { everyPage } from "../../ui/usePages";
import { everyProject, everyTeam } from "../groups/everyTeam";
import type { NamesById } from "./auditDetail";
import { allCategories } from "./categories/queries";

const everyDevice = queryOptions({
  // Not among the lists of devices: those come in pages, and are changed as such.
  queryKey: ["every-device"],
  queryFn: () => everyPage((cursor) => devices.list({}, cursor)),
  staleTime: 60_000,
});
const everyWebhook = queryOptions({
  queryKey: ["every-webhook"],
  queryFn: () => everyPage(webhooks.list),
  staleTime: 60_000,
});

/** Asks only for what the entries speak of; a name that is not there yet, or no longer, is left out. */
export function useAuditNames(entries: readonly AuditEntry[]): NamesById {
  const about = (key: string) => ({
    enabled: entries.some(
      ({ detail }) => typeof detail === "object" && detail !== null && key in detail,
    ),
  });
  const teams = useQuery({ ...everyTeam, ...about("team_id") }).data ?? [];
  const projects = useQuery({ ...everyProject, ...about("project_id") }).data ?? [];
  const categories = useQuery({ ...allCategories, ...about("category_id") }).data ?? [];
  const machines = useQuery({ ...everyDevice, ...about("device_id") }).data ?? [];
  const hooks = useQuery({ ...everyWebhook, ...about("webhook_id") }).data ?? [];
  return new Map([
    ...[...teams, ...projects, ...categories, ...machines].map(
      (one) => [one.id, one.name] as const,
    ),
    // Its address may hold a secret: its label, or only where it goes.
    ...hooks.map((one) => [one.id, one.label.trim() || hostOf(one.url)] as const),
  ]);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
