/** Routes about people and the ways into the organization. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type User = Schemas["User"];
export type UserStatus = Schemas["UserStatus"];
export type UpdateUser = Schemas["UpdateUser"];
export type Invitation = Schemas["Invitation"];
export type InvitationState = Schemas["InvitationState"];
export type MailState = Schemas["MailState"];
export type InvitationCreated = Schemas["InvitationCreated"];
export type ResetLink = Schemas["ResetLink"];

const at = (id: string) => ({ params: { path: { id } } });

export const people = {
  list: (cursor: string | null): Promise<Schemas["UserPage"]> =>
    unwrap(http.GET("/api/v1/users", { params: { query: { ...from(cursor), limit: 200 } } })),

  one: (id: string): Promise<User> => unwrap(http.GET("/api/v1/users/{id}", at(id))),

  change: (id: string, body: UpdateUser): Promise<User> =>
    unwrap(http.PATCH("/api/v1/users/{id}", { ...at(id), body })),

  looks: (id: string, cursor: string | null): Promise<Schemas["LookPage"]> =>
    unwrap(
      http.GET("/api/v1/users/{id}/looks", {
        params: { path: { id }, query: from(cursor) },
      }),
    ),

  signOut: async (id: string): Promise<void> => {
    await unwrap(http.POST("/api/v1/users/{id}/sign-out", at(id)));
  },

  resetLink: (id: string): Promise<ResetLink> =>
    unwrap(http.POST("/api/v1/users/{id}/reset-link", at(id))),

  erase: (id: string, email: string): Promise<Schemas["Erasure"]> =>
    unwrap(http.POST("/api/v1/users/{id}/erase", { ...at(id), body: { email } })),

  invitations: (cursor: string | null): Promise<Schemas["InvitationPage"]> =>
    unwrap(http.GET("/api/v1/invitations", { params: { query: from(cursor) } })),

  invite: (body: Schemas["CreateInvitation"]): Promise<InvitationCreated> =>
    unwrap(http.POST("/api/v1/invitations", { body })),

  takeBack: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/invitations/{id}", at(id)));
  },
};
