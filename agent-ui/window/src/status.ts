/** The agent's status, asked for while somebody looks, and telling the agent what to do. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Act, useBridge } from "./bridge";

const EVERY_MILLIS = 2_000;

export function useStatus() {
  const bridge = useBridge();
  return useQuery({
    queryKey: ["status"],
    queryFn: () => bridge.status(),
    // A hidden window asks nothing.
    refetchInterval: EVERY_MILLIS,
    refetchIntervalInBackground: false,
  });
}

/** Tells the agent; what follows from it is asked for again. */
export function useAct() {
  const bridge = useBridge();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (acts: readonly Act[]) => {
      for (const one of acts) await bridge.act(one);
    },
    onSettled: () => queries.invalidateQueries(),
  });
}
