/** Routes about devices and the tokens that enrol them. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Device = Schemas["Device"];
export type EnrolmentToken = Schemas["EnrolmentToken"];
export type EnrolmentTokenCreated = Schemas["EnrolmentTokenCreated"];
export type CreateEnrolmentToken = Schemas["CreateEnrolmentToken"];

const at = (id: string) => ({ params: { path: { id } } });

export interface DeviceFilter {
  silentDays?: number;
  pending?: boolean;
  userId?: string;
}

export const devices = {
  list: (filter: DeviceFilter, cursor: string | null): Promise<Schemas["DevicePage"]> =>
    unwrap(
      http.GET("/api/v1/devices", {
        params: {
          query: {
            ...from(cursor),
            ...(filter.silentDays === undefined ? {} : { silent_days: filter.silentDays }),
            ...(filter.pending === undefined ? {} : { pending: filter.pending }),
            ...(filter.userId === undefined ? {} : { user_id: filter.userId }),
          },
        },
      }),
    ),
  approve: async (id: string): Promise<void> => {
    await unwrap(http.POST("/api/v1/devices/{id}/approve", at(id)));
  },
  revoke: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/devices/{id}", at(id)));
  },
  tokens: (cursor: string | null): Promise<Schemas["EnrolmentTokenPage"]> =>
    unwrap(http.GET("/api/v1/enrolment-tokens", { params: { query: from(cursor) } })),
  makeToken: (body: CreateEnrolmentToken): Promise<EnrolmentTokenCreated> =>
    unwrap(http.POST("/api/v1/enrolment-tokens", { body })),
  revokeToken: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/enrolment-tokens/{id}", at(id)));
  },
};
