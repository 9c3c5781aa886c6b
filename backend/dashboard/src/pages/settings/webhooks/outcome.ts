/** What was answered to a message, in words. Pure. */
import type { Delivery } from "../../../api/webhooks";
import { webhooks as words } from "../../../text/webhooks";

export function outcome(delivery: Delivery): string {
  const { status, error } = delivery;
  const why = error ? words.errors[error] : undefined;
  if (status !== null && status !== undefined) {
    const answered = words.answered(status);
    return error === "redirect" && why ? `${answered}: ${why}` : answered;
  }
  if (!error) return words.noAnswer;
  return why ?? words.otherError(error);
}

/** JSON laid out to be read; anything else as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
