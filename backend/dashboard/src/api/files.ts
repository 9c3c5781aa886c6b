/** Routes about files that a worker makes of reports and of activity. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ReportFile = Schemas["Export"];
export type FileWish = Schemas["CreateExport"];
export type FileContent = Schemas["ExportContent"];
export type FileFormat = Schemas["ExportFormat"];
export type FileState = Schemas["ExportState"];

export const files = {
  list: (cursor: string | null): Promise<Schemas["ExportPage"]> =>
    unwrap(http.GET("/api/v1/exports", { params: { query: from(cursor) } })),

  make: (body: FileWish): Promise<ReportFile> => unwrap(http.POST("/api/v1/exports", { body })),

  remove: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/exports/{id}", { params: { path: { id } } }));
  },

  /** Large ones go from the server to the disk, not through the page. */
  address: (id: string): string => `/api/v1/exports/${encodeURIComponent(id)}/file`,
};
