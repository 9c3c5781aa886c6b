/** Routes about oneself: account, log-ins, and what is kept and who looked. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type OpenLogin = Schemas["OpenLogin"];
export type Look = Schemas["Look"];
export type Timeline = Schemas["Timeline"];
export type TimelineSpan = Schemas["TimelineSpan"];
export type EffectivePolicy = Schemas["EffectivePolicy"];
export type User = Schemas["User"];

export const own = {
  rename: (id: string, name: string): Promise<User> =>
    unwrap(http.PATCH("/api/v1/users/{id}", { params: { path: { id } }, body: { name } })),

  changePassword: async (current: string, next: string): Promise<void> => {
    await unwrap(
      http.POST("/api/v1/auth/password", {
        body: { current_password: current, new_password: next },
      }),
    );
  },

  logins: (cursor: string | null): Promise<Schemas["LoginPage"]> =>
    unwrap(http.GET("/api/v1/auth/logins", { params: { query: from(cursor) } })),

  endLogin: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/auth/logins/{id}", { params: { path: { id } } }));
  },

  endAllLogins: async (): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/auth/logins"));
  },

  looks: (cursor: string | null): Promise<Schemas["LookPage"]> =>
    unwrap(http.GET("/api/v1/me/looks", { params: { query: from(cursor) } })),

  timeline: (id: string, date: string): Promise<Timeline> =>
    unwrap(
      http.GET("/api/v1/users/{id}/timeline", {
        params: { path: { id }, query: { date } },
      }),
    ),

  policy: (userId: string): Promise<EffectivePolicy> =>
    unwrap(http.GET("/api/v1/policy/effective", { params: { query: { user_id: userId } } })),
};
