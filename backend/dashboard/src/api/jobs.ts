/** The route about what the server does by itself. */
import { http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Schedule = Schemas["Schedule"];
export type ScheduleRun = Schemas["ScheduleRun"];

export const jobs = {
  list: (): Promise<Schemas["ScheduleList"]> => unwrap(http.GET("/api/v1/jobs")),
};
