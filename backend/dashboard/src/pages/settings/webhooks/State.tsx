/** Whether a webhook is told anything, and how that goes. */
import type { Webhook } from "../../../api/webhooks";
import { webhooks as words } from "../../../text/webhooks";
import { Badge } from "../../../ui/Page";
import { When } from "../../../ui/When";

export function State(props: { webhook: Webhook }) {
  const { off_since: off, failing_since: failing } = props.webhook;
  if (off) {
    return (
      <Badge tone="quiet">
        <span>
          {words.offSince} <When at={off} />
        </span>
      </Badge>
    );
  }
  return failing ? (
    <Badge tone="bad">
      <span>
        {words.failing} <When at={failing} />
      </span>
    </Badge>
  ) : (
    <Badge tone="good">{words.on}</Badge>
  );
}
