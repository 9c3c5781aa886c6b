/** Short names for the payloads of the generated contract. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type Weekday = Schemas["Weekday"];
export type SetupStatus = Schemas["SetupStatus"];
export type SetupRequest = Schemas["SetupRequest"];
export type LoginRequest = Schemas["LoginRequest"];
export type PersonState = Schemas["PersonState"];
export type PersonStatus = Schemas["PersonStatus"];
export type UnobservedReason = Schemas["UnobservedReason"];
export type DayHours = Schemas["DayHours"];
export type DayTotals = Schemas["DayTotals"];
export type PresenceSnapshot = Schemas["PresenceSnapshot"];
export type LiveEvent = Schemas["LiveEvent"];
export type ServerFrame = Schemas["ServerFrame"];
export type Problem = Schemas["Problem"];
export type FieldProblem = Schemas["FieldProblem"];
