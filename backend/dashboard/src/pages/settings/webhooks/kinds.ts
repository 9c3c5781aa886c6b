/** What a webhook may be told of. A test comes to each, whatever it asks for. */
import type { WebhookKind } from "../../../api/webhooks";
import { webhooks as words } from "../../../text/webhooks";

export const KINDS: readonly WebhookKind[] = [
  "alert.opened",
  "alert.resolved",
  "session.started",
  "session.stopped",
  "user.online",
  "user.offline",
  "policy.changed",
];

export function kindInWords(kind: WebhookKind): string {
  return words.kind[kind] ?? kind;
}

/** Apart by dots: some of them hold a comma. */
export function kindsInWords(kinds: readonly WebhookKind[]): string {
  return kinds.map(kindInWords).join(" · ");
}
