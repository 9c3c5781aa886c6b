/** One webhook and its messages: asked for again by themselves, changed at once, and put back. */
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Delivery, type DeliveryPage, type Webhook, webhooks } from "../../../api/webhooks";
import { millis } from "../../../format/instant";
import { usePages } from "../../../ui/usePages";

export const WEBHOOKS = ["webhooks"] as const;
const one = (id: string) => [...WEBHOOKS, "one", id];
const messages = (id: string) => [...WEBHOOKS, "messages", id];

/** In milliseconds: while something is about to be sent, and otherwise. */
const SOON = 2000;
const LATER = 20_000;

/** When the log is looked at again: at once where an attempt is due within the minute. */
export function lookAgain(items: readonly Delivery[], now: number): number {
  const due = items.some(
    (it) => it.state === "waiting" && (millis(it.next_attempt_at) ?? now) < now + 60_000,
  );
  return due ? SOON : LATER;
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: one(id),
    queryFn: () => webhooks.one(id),
    refetchInterval: LATER,
  });
}

export function useMessages(id: string) {
  return usePages(messages(id), (cursor) => webhooks.deliveries(id, cursor), {
    lookAgain: (items) => lookAgain(items, Date.now()),
  });
}

/** What is known of a webhook from now on. */
export function useKnown() {
  const queries = useQueryClient();
  return (webhook: Webhook) => {
    queries.setQueryData(one(webhook.id), webhook);
    void queries.invalidateQueries({ queryKey: [...WEBHOOKS, "list"] });
    void queries.invalidateQueries({ queryKey: messages(webhook.id) });
  };
}

/** On or off: shown at once. */
export function useSwitch(id: string) {
  const queries = useQueryClient();
  const known = useKnown();
  return useMutation({
    mutationFn: (on: boolean) => webhooks.change(id, { on }),
    onMutate: async (on) => {
      await queries.cancelQueries({ queryKey: one(id) });
      const before = queries.getQueryData<Webhook>(one(id));
      if (before) {
        queries.setQueryData<Webhook>(one(id), {
          ...before,
          off_since: on ? null : new Date().toISOString(),
          off_because: on ? null : "admin",
        });
      }
      return { before };
    },
    onSuccess: known,
    onError: (_error, _on, kept) => {
      if (kept?.before) queries.setQueryData(one(id), kept.before);
    },
  });
}

export function useTest(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => webhooks.test(id),
    onSettled: () => queries.invalidateQueries({ queryKey: messages(id) }),
  });
}

/** Sends a message again: it waits from now on. */
export function useAgain(id: string) {
  const queries = useQueryClient();
  const put = (delivery: Delivery) =>
    queries.setQueryData<InfiniteData<DeliveryPage>>(
      messages(id),
      (all) =>
        all && {
          ...all,
          pages: all.pages.map((page) => ({
            ...page,
            items: page.items.map((it) => (it.id === delivery.id ? delivery : it)),
          })),
        },
    );
  return useMutation({
    mutationFn: (delivery: Delivery) => webhooks.again(id, delivery.id),
    onMutate: async (delivery) => {
      await queries.cancelQueries({ queryKey: messages(id) });
      put({
        ...delivery,
        state: "waiting",
        attempts: 0,
        next_attempt_at: new Date().toISOString(),
      });
    },
    onError: (_error, delivery) => put(delivery),
    onSettled: () => queries.invalidateQueries({ queryKey: messages(id) }),
  });
}
