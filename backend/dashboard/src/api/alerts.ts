/** Routes about alerts. */
import { http, from as next, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Alert = Schemas["Alert"];
export type AlertPage = Schemas["AlertPage"];
export type AlertKind = Schemas["AlertKind"];
export type AlertState = Schemas["AlertState"];
export type AlertResolution = Schemas["AlertResolution"];
export type ResolvedAlerts = Schemas["ResolvedAlerts"];

/** Which alerts; all of what is given must hold. */
export interface AlertQuery {
  state?: AlertState;
  kind?: AlertKind;
  user_id?: string;
  /** Instants: opened at the first or later, before the second. */
  from?: string;
  to?: string;
}

/** Most of a page, and most that are resolved at once. */
export const MOST = 200;

export const alerts = {
  list: (query: AlertQuery, cursor: string | null, limit = 50): Promise<AlertPage> =>
    unwrap(http.GET("/api/v1/alerts", { params: { query: { ...query, ...next(cursor), limit } } })),

  /** One by its own route, which tells when somebody else was faster; several all or none. */
  resolve: async (ids: readonly string[], note: string): Promise<ResolvedAlerts> => {
    const body = note.trim() === "" ? {} : { note: note.trim() };
    const [id] = ids;
    if (ids.length === 1 && id !== undefined) {
      const one = await unwrap(
        http.POST("/api/v1/alerts/{id}/resolve", { params: { path: { id } }, body }),
      );
      return { resolved: 1, items: [one] };
    }
    return unwrap(http.POST("/api/v1/alerts/resolve", { body: { ids: [...ids], ...body } }));
  },
};
