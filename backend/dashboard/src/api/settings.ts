/** Routes about the organization, its capture policy and its audit log. */
import { http, from as next, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Organization = Schemas["Organization"];
export type UpdateOrganization = Schemas["UpdateOrganization"];
export type CapturePolicy = Schemas["CapturePolicy"];
export type WindowRule = Schemas["WindowRule"];
export type PreviewWindow = Schemas["PreviewWindow"];
export type PreviewedWindow = Schemas["PreviewedWindow"];
export type AuditEntry = Schemas["AuditEntry"];

export interface AuditFilter {
  /** An action, or all that begin with it where it ends with a dot. */
  action?: string;
  /** First and last day, `YYYY-MM-DD`, as the viewer's own clock cuts them. */
  from?: string;
  to?: string;
}

/** The first instant of a day, or of the day after it, by the viewer's clock. */
function midnight(date: string, daysLater: number): string {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, (day ?? 1) + daysLater).toISOString();
}

export const settings = {
  organization: (): Promise<Organization> => unwrap(http.GET("/api/v1/organization")),
  change: (body: UpdateOrganization): Promise<Organization> =>
    unwrap(http.PATCH("/api/v1/organization", { body })),
  policy: (): Promise<CapturePolicy> => unwrap(http.GET("/api/v1/policy")),
  setPolicy: (body: CapturePolicy): Promise<CapturePolicy> =>
    unwrap(http.PUT("/api/v1/policy", { body })),
  tryPolicy: (policy: CapturePolicy, windows: PreviewWindow[]): Promise<Schemas["PolicyPreview"]> =>
    unwrap(http.POST("/api/v1/policy/preview", { body: { policy, windows } })),
  audit: (filter: AuditFilter, cursor: string | null): Promise<Schemas["AuditPage"]> =>
    unwrap(
      http.GET("/api/v1/audit", {
        params: {
          query: {
            ...next(cursor),
            ...(filter.action ? { action: filter.action } : {}),
            ...(filter.from ? { from: midnight(filter.from, 0) } : {}),
            ...(filter.to ? { to: midnight(filter.to, 1) } : {}),
          },
        },
      }),
    ),
};
