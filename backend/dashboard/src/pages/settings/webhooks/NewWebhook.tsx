/** Makes a webhook, and shows its secret once. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { webhooks } from "../../../api/webhooks";
import { shared } from "../../../text/shared";
import { webhooks as words } from "../../../text/webhooks";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { Secret } from "../../../ui/Secret";
import { useKnown } from "./useWebhook";
import { type Terms, WebhookForm } from "./WebhookForm";

const NOTHING: Terms = { url: "", label: "", kinds: ["alert.opened", "alert.resolved"] };

export function NewWebhook(props: { onClose: () => void; onOpen: (id: string) => void }) {
  const known = useKnown();
  const make = useMutation({
    mutationFn: webhooks.make,
    onSuccess: (made) => known(made.webhook),
  });
  const made = make.data;
  return (
    <Dialog title={words.add} onClose={props.onClose}>
      {made ? (
        <>
          <p role="status">{words.made}</p>
          <Secret label={words.secret} value={made.secret} />
          <p>{words.secretHint}</p>
          <DialogButtons>
            <Button variant="default" onClick={props.onClose}>
              {shared.close}
            </Button>
            <Button onClick={() => props.onOpen(made.webhook.id)}>{words.open}</Button>
          </DialogButtons>
        </>
      ) : (
        <WebhookForm
          terms={NOTHING}
          confirm={words.make}
          pending={make.isPending}
          error={make.error}
          onSubmit={(terms) => make.mutate(terms)}
          onClose={props.onClose}
        />
      )}
    </Dialog>
  );
}
