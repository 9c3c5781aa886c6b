/** Routes about teams and projects. */
import { from as after, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Team = Schemas["Team"];
export type Project = Schemas["Project"];
export type TeamMember = Schemas["TeamMember"];
export type ProjectMember = Schemas["ProjectMember"];
export type ProjectTotals = Schemas["ProjectTotals"];

const at = (id: string) => ({ params: { path: { id } } });
const page = (id: string, cursor: string | null) => ({
  params: { path: { id }, query: { ...after(cursor), limit: 200 } },
});
const member = (id: string, userId: string) => ({
  params: { path: { id, user_id: userId } },
});

export const teams = {
  list: (cursor: string | null): Promise<Schemas["TeamPage"]> =>
    unwrap(http.GET("/api/v1/teams", { params: { query: after(cursor) } })),
  one: (id: string): Promise<Team> => unwrap(http.GET("/api/v1/teams/{id}", at(id))),
  make: (name: string): Promise<Team> => unwrap(http.POST("/api/v1/teams", { body: { name } })),
  rename: (id: string, name: string): Promise<Team> =>
    unwrap(http.PATCH("/api/v1/teams/{id}", { ...at(id), body: { name } })),
  remove: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/teams/{id}", at(id)));
  },
  policy: (id: string): Promise<Schemas["TeamPolicy"]> =>
    unwrap(http.GET("/api/v1/teams/{id}/policy", at(id))),
  setPolicy: (id: string, body: Schemas["CapturePolicy"]): Promise<Schemas["CapturePolicy"]> =>
    unwrap(http.PUT("/api/v1/teams/{id}/policy", { ...at(id), body })),
  removePolicy: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/teams/{id}/policy", at(id)));
  },
  members: (id: string, cursor: string | null): Promise<Schemas["TeamMemberPage"]> =>
    unwrap(http.GET("/api/v1/teams/{id}/members", page(id, cursor))),
  setMember: async (id: string, userId: string, isManager: boolean): Promise<void> => {
    await unwrap(
      http.PUT("/api/v1/teams/{id}/members/{user_id}", {
        ...member(id, userId),
        body: { is_manager: isManager },
      }),
    );
  },
  removeMember: async (id: string, userId: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/teams/{id}/members/{user_id}", member(id, userId)));
  },
};

export const projects = {
  list: (archived: boolean, cursor: string | null): Promise<Schemas["ProjectPage"]> =>
    unwrap(
      http.GET("/api/v1/projects", {
        params: { query: { ...after(cursor), ...(archived ? { archived } : {}) } },
      }),
    ),
  one: (id: string): Promise<Project> => unwrap(http.GET("/api/v1/projects/{id}", at(id))),
  make: (name: string, openToAll: boolean): Promise<Project> =>
    unwrap(http.POST("/api/v1/projects", { body: { name, open_to_all: openToAll } })),
  change: (id: string, body: Schemas["ChangeProject"]): Promise<Project> =>
    unwrap(http.PATCH("/api/v1/projects/{id}", { ...at(id), body })),
  members: (id: string, cursor: string | null): Promise<Schemas["ProjectMemberPage"]> =>
    unwrap(http.GET("/api/v1/projects/{id}/members", page(id, cursor))),
  setMember: async (id: string, userId: string, isManager: boolean): Promise<void> => {
    await unwrap(
      http.PUT("/api/v1/projects/{id}/members/{user_id}", {
        ...member(id, userId),
        body: { is_manager: isManager },
      }),
    );
  },
  removeMember: async (id: string, userId: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/projects/{id}/members/{user_id}", member(id, userId)));
  },
  totals: (id: string, from: string, to: string, cursor: string | null): Promise<ProjectTotals> =>
    unwrap(
      http.GET("/api/v1/projects/{id}/totals", {
        params: { path: { id }, query: { from, to, ...after(cursor) } },
      }),
    ),
};
