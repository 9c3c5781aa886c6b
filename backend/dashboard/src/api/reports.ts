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

/** Rows of a page, unless told otherwise; and most that the server gives at once. */
const PAGE = 50;
const MOST = 200;
/** Ranges have at most 3,660 days: more pages than these would be a fault of the server. */
const MOST_PAGES = 25;

export const reports = {
  rows: (query: ReportQuery, cursor: string | null, limit = PAGE): Promise<Report> =>
    unwrap(
      http.GET("/api/v1/reports", { params: { query: { ...query, ...next(cursor), limit } } }),
    ),
  /** A report with all of its rows, for what is drawn as a whole: days and hours. */
  whole: async (query: ReportQuery): Promise<Report> => {
    const first = await reports.rows(query, null, MOST);
    const rows = [...first.rows];
    let cursor = first.next_cursor ?? null;
    for (let page = 1; cursor !== null && page < MOST_PAGES; page += 1) {
      const further: Report = await reports.rows(query, cursor, MOST);
      rows.push(...further.rows);
      cursor = further.next_cursor ?? null;
    }
    return { ...first, rows, next_cursor: cursor };
  },
  heatmap: (query: Days): Promise<Heatmap> =>
    unwrap(http.GET("/api/v1/reports/heatmap", { params: { query } })),
  attendance: (query: Days, cursor: string | null, limit = PAGE): Promise<Schemas["Attendance"]> =>
    unwrap(
      http.GET("/api/v1/reports/attendance", {
        params: { query: { ...query, ...next(cursor), limit } },
      }),
    ),
  completeness: (
    query: Days,
    cursor: string | null,
    limit = PAGE,
  ): Promise<Schemas["Completeness"]> =>
    unwrap(
      http.GET("/api/v1/reports/completeness", {
        params: { query: { ...query, ...next(cursor), limit } },
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
