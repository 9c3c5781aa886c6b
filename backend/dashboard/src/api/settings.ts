/** Routes about the organization, its capture policy and its audit log. */
import { http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Organization = Schemas["Organization"];
export type UpdateOrganization = Schemas["UpdateOrganization"];
export type CapturePolicy = Schemas["CapturePolicy"];

export const settings = {
  organization: (): Promise<Organization> => unwrap(http.GET("/api/v1/organization")),
  change: (body: UpdateOrganization): Promise<Organization> =>
    unwrap(http.PATCH("/api/v1/organization", { body })),
  policy: (): Promise<CapturePolicy> => unwrap(http.GET("/api/v1/policy")),
  setPolicy: (body: CapturePolicy): Promise<CapturePolicy> =>
    unwrap(http.PUT("/api/v1/policy", { body })),
};
