/**
 * What went wrong, in the server's own words where it has some, which are English, or in German by
 * what it is. Owns the step from any failure
 * (problem document, no network, an answer from something else) to one error type.
 */
import { details, fieldRules, problems } from "../text/de/problems";
import { text } from "../text/en";
import { language } from "../text/language";
import type { FieldProblem } from "./types";

const PREFIX = "urn:workpulse:problem:";

export interface ProblemWords {
  /** The stable code behind `urn:workpulse:problem:`, or `network`, `unreadable`. */
  code: string;
  /** The HTTP status; 0 when there was no answer. */
  status: number;
  title: string;
  detail: string | null;
  requestId: string | null;
  fields: FieldProblem[];
  /** Seconds after which the server is ready to be asked again. */
  retryAfterSeconds: number | null;
}

export class ApiError extends Error {
  readonly problem: ProblemWords;

  constructor(problem: ProblemWords) {
    super(problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  is(code: string): boolean {
    return this.problem.code === code;
  }

  /** Whether the log-in has ended: it expired, was ended, or its account is suspended. */
  get needsLogin(): boolean {
    return this.problem.status === 401 || this.is("suspended");
  }
}

export function networkError(): ApiError {
  return new ApiError({
    code: "network",
    status: 0,
    ...text.problem.network,
    requestId: null,
    fields: [],
    retryAfterSeconds: null,
  });
}

/** Reads a problem document; whatever is not one becomes words of our own. */
export function toApiError(response: Response, body: unknown): ApiError {
  const requestId = response.headers.get("x-request-id");
  const retryAfterSeconds = readRetryAfter(response.headers.get("retry-after"));
  if (isProblem(body)) {
    const code = body.type.startsWith(PREFIX) ? body.type.slice(PREFIX.length) : body.type;
    const detail = typeof body.detail === "string" ? body.detail : null;
    return new ApiError({
      code,
      status: response.status,
      ...(language === "de" ? inGerman(code, body.title, detail) : { title: body.title, detail }),
      requestId: typeof body.request_id === "string" ? body.request_id : requestId,
      fields: Array.isArray(body.fields) ? body.fields.filter(isFieldProblem) : [],
      retryAfterSeconds,
    });
  }
  return new ApiError({
    code: "unreadable",
    status: response.status,
    ...text.problem.unreadable,
    requestId,
    fields: [],
    retryAfterSeconds,
  });
}

/** Any thrown thing as words that can be shown. */
export function wordsFor(error: unknown): ProblemWords {
  if (error instanceof ApiError) return error.problem;
  return {
    code: "crash",
    status: 0,
    ...text.problem.crash,
    requestId: null,
    fields: [],
    retryAfterSeconds: null,
  };
}

/**
 * What a problem says about one field of a form, if anything, as a sentence: the server says
 * "is too short" of a field whose label only the form knows.
 */
export function fieldMessage(error: unknown, field: string, label: string): string | null {
  if (!(error instanceof ApiError)) return null;
  const said = error.problem.fields.find((f) => f.field === field)?.message ?? null;
  const message = said !== null && language === "de" ? ruleInGerman(said) : said;
  return message !== null && /^\p{Ll}/u.test(message) ? `${label} ${message}` : message;
}

/** The words of a problem by its code; a detail that tells more is known word for word. */
export function inGerman(code: string, title: string, detail: string | null) {
  const known = problems[code];
  if (!known) return { title, detail };
  return { title: known.title, detail: (detail && details[detail]) || known.detail };
}

/** A rule of a field, where its wording is known. */
export function ruleInGerman(message: string): string {
  for (const [pattern, german] of fieldRules) {
    const found = pattern.exec(message);
    if (found) return german(...found.slice(1));
  }
  return message;
}

/** Whether a form that shows these fields says all of it where it belongs. */
export function saidAtFields(error: unknown, fields: readonly string[]): boolean {
  if (!(error instanceof ApiError)) return false;
  const named = error.problem.fields;
  return named.length > 0 && named.every((f) => fields.includes(f.field));
}

function isProblem(body: unknown): body is {
  type: string;
  title: string;
  detail?: unknown;
  request_id?: unknown;
  fields?: unknown;
} {
  return (
    typeof body === "object" &&
    body !== null &&
    "type" in body &&
    typeof body.type === "string" &&
    "title" in body &&
    typeof body.title === "string"
  );
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return (
    typeof value === "object" &&
    value !== null &&
    "field" in value &&
    typeof value.field === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

function readRetryAfter(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header)) return null;
  return Number(header);
}
