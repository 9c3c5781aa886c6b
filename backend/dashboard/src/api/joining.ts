/** Routes without a log-in: joining by a link or an organization's id, and getting back in. */
import { http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type InvitationOffer = Schemas["InvitationOffer"];
export type Registered = Schemas["Registered"];
export type RegistrationReceived = Schemas["RegistrationReceived"];
export type ResetRequested = Schemas["ResetRequested"];

/** What the join form says. An invitation brings its own address. */
export interface Joining {
  name: string;
  password: string;
}

export const joining = {
  offer: (token: string): Promise<InvitationOffer> =>
    unwrap(http.POST("/api/v1/auth/invitation", { body: { token } })),

  accept: async (invitation: string, person: Joining): Promise<Registered> => {
    const answer = await unwrap(
      http.POST("/api/v1/auth/register", { body: { invitation, ...person } }),
    );
    return answer as Registered;
  },

  askToJoin: async (
    organizationId: string,
    email: string,
    person: Joining | null,
  ): Promise<RegistrationReceived> => {
    const body = { organization_id: organizationId, email, ...person };
    const answer = await unwrap(http.POST("/api/v1/auth/register", { body }));
    return answer as unknown as RegistrationReceived;
  },

  askForReset: (email: string): Promise<ResetRequested> =>
    unwrap(http.POST("/api/v1/auth/reset-request", { body: { email } })),

  reset: async (token: string, newPassword: string): Promise<void> => {
    await unwrap(http.POST("/api/v1/auth/reset", { body: { token, new_password: newPassword } }));
  },
};
