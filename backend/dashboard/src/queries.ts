/** How answers are kept and asked for again. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api/problem";

/** Only what may pass by itself is asked again; a refusal stays one. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status } = error.problem;
  return status === 0 || status === 408 || status >= 500;
}

export function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && mayPass(error) },
      mutations: { retry: false },
    },
  });
}
