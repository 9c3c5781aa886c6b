/** The way out: ends the log-in on the server, then leaves. */
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client";
import { ApiError } from "../api/problem";
import { useFeed } from "../live/LiveProvider";

export function useLogout(onLoggedOut: () => void) {
  const feed = useFeed();
  return useMutation({
    // The server cuts the socket of a log-in that ends; that must not look like being thrown out.
    onMutate: () => feed.stop(),
    onError: () => feed.start(),
    mutationFn: () =>
      api.logout().catch((error: unknown) => {
        // Already out (another tab, or cut off): that is what was asked for.
        if (!(error instanceof ApiError && error.needsLogin)) throw error;
      }),
    onSuccess: onLoggedOut,
  });
}
