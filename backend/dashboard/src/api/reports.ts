/** Routes of the reports. */
import type { MadeFile } from "./export";
import { http, from as next, unwrap } from "./http";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Report = Schemas["Report"];
export type ReportRow = Schemas["ReportRow"];
export type Figures = Schemas["Figures"];
export type Heatmap = Schemas["Heatmap"];
export type AttendanceDay = Schemas["AttendanceDay"];
export type PersonCompleteness = Schemas["PersonCompleteness"];

type Query = paths["/api/v1/reports"]["get"]["parameters"]["query"];
export type ReportQuery = Omit<Query, "cursor" | "limit">;
/** Which days, of whom. */
export type Days = Pick<Query, "from" | "to" | "user_id" | "team_id">;

export const reports = {
  rows: (query: ReportQuery, cursor: string | null): Promise<Report> =>
    unwrap(http.GET("/api/v1/reports", { params: { query: { ...query, ...next(cursor) } } })),
  heatmap: (query: Days): Promise<Heatmap> =>
    unwrap(http.GET("/api/v1/reports/heatmap", { params: { query } })),
  attendance: (query: Days, cursor: string | null): Promise<Schemas["Attendance"]> =>
    unwrap(
      http.GET("/api/v1/reports/attendance", { params: { query: { ...query, ...next(cursor) } } }),
    ),
  completeness: (query: Days, cursor: string | null): Promise<Schemas["Completeness"]> =>
    unwrap(
      http.GET("/api/v1/reports/completeness", {
        params: { query: { ...query, ...next(cursor) } },
      }),
    ),
  file: async (query: ReportQuery, format: "csv" | "xlsx" | "pdf"): Promise<MadeFile> => ({
    name: `workpulse-${query.group_by}-${query.from}-${query.to}.${format}`,
    content: (await unwrap(
      http.GET("/api/v1/reports/export", {
        params: { query: { ...query, format } },
        parseAs: "blob",
      }) as Promise<{ data?: unknown; response: Response }>,
    )) as Blob,
  }),
};
