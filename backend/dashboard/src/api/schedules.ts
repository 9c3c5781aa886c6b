/** Routes about reports that are made again and again. */
import { http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type ReportSchedule = Schemas["ReportSchedule"];
export type ReportSchedules = Schemas["ReportSchedules"];
export type Terms = Schemas["ReportScheduleTerms"];
export type Every = Schemas["Every"];

export const schedules = {
  all: (): Promise<ReportSchedules> => unwrap(http.GET("/api/v1/report-schedules")),

  make: (body: Terms): Promise<ReportSchedule> =>
    unwrap(http.POST("/api/v1/report-schedules", { body })),

  change: (id: string, body: Terms): Promise<ReportSchedule> =>
    unwrap(http.PUT("/api/v1/report-schedules/{id}", { params: { path: { id } }, body })),

  remove: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/report-schedules/{id}", { params: { path: { id } } }));
  },
};
