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
      // A change made without a network fails at once, and says so: held back, it would be made at
      // some later moment when nobody thinks of it any more.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
