/** What is asked about one webhook: its terms, a new secret, whether it goes. */
import { Button } from "@mantine/core";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Webhook, type WebhookPage, webhooks } from "../../../api/webhooks";
import { shared } from "../../../text/shared";
import { webhooks as words } from "../../../text/webhooks";
import { Dialog, DialogButtons, Question } from "../../../ui/Dialog";
import { Secret } from "../../../ui/Secret";
import { When } from "../../../ui/When";
import { useKnown, WEBHOOKS } from "./useWebhook";
import { type Terms, WebhookForm } from "./WebhookForm";

interface Props {
  webhook: Webhook;
  onClose: () => void;
}

export function Change(props: Props) {
  const { webhook } = props;
  const known = useKnown();
  const change = useMutation({
    // Only what is another: a second admin's change of the rest stays.
    mutationFn: (terms: Terms) =>
      webhooks.change(webhook.id, {
        ...(terms.url === webhook.url ? {} : { url: terms.url }),
        ...(terms.label === webhook.label ? {} : { label: terms.label }),
        ...(terms.kinds.join() === webhook.kinds.join() ? {} : { kinds: terms.kinds }),
      }),
    onSuccess: (now) => {
      known(now);
      props.onClose();
    },
  });
  return (
    <Dialog title={words.change} onClose={props.onClose}>
      <WebhookForm
        terms={webhook}
        confirm={shared.save}
        pending={change.isPending}
        error={change.error}
        onSubmit={(terms) => change.mutate(terms)}
        onClose={props.onClose}
      />
    </Dialog>
  );
}

export function NewSecret(props: Props) {
  const { webhook } = props;
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => webhooks.newSecret(webhook.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: WEBHOOKS }),
  });
  if (!make.data) {
    return (
      <Question
        title={words.newSecretQuestion}
        confirm={words.newSecret}
        pending={make.isPending}
        error={make.error}
        onConfirm={() => make.mutate()}
        onClose={props.onClose}
      >
        <p>{words.newSecretDetail}</p>
      </Question>
    );
  }
  return (
    <Dialog title={words.newSecret} onClose={props.onClose}>
      <Secret label={words.secret} value={make.data.secret} />
      <p>
        {words.oldSecret} <When at={make.data.previous_secret_until} />.
      </p>
      <DialogButtons>
        <Button onClick={props.onClose}>{shared.close}</Button>
      </DialogButtons>
    </Dialog>
  );
}

export function Delete(props: Props & { onDeleted: () => void }) {
  const { webhook } = props;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => webhooks.remove(webhook.id),
    onSuccess: () => {
      queries.setQueryData<InfiniteData<WebhookPage>>(
        [...WEBHOOKS, "list"],
        (all) =>
          all && {
            ...all,
            pages: all.pages.map((page) => ({
              ...page,
              items: page.items.filter((one) => one.id !== webhook.id),
            })),
          },
      );
      props.onDeleted();
    },
  });
  return (
    <Question
      title={words.deleteQuestion}
      confirm={words.delete}
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={props.onClose}
    >
      <p>
        <bdi>{webhook.label.trim() || webhook.url}</bdi>
      </p>
      <p>{words.deleteDetail}</p>
    </Question>
  );
}
