/** Joins the pages about webhooks to their addresses. */
import { useNavigate } from "@tanstack/react-router";
import { webhookRoute } from "../../../routes/settings";
import { WebhookPage } from "./WebhookPage";
import { Webhooks } from "./Webhooks";

export function WebhooksRoute() {
  const navigate = useNavigate();
  return (
    <Webhooks onOpen={(id) => void navigate({ to: "/settings/webhooks/$id", params: { id } })} />
  );
}

export function WebhookRoute() {
  const { id } = webhookRoute.useParams();
  const navigate = useNavigate();
  return (
    <WebhookPage key={id} id={id} onDeleted={() => void navigate({ to: "/settings/webhooks" })} />
  );
}
