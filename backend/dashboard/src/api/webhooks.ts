/** Routes about webhooks and what was sent to them. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Webhook = Schemas["Webhook"];
export type WebhookPage = Schemas["WebhookPage"];
export type WebhookKind = Schemas["WebhookKind"];
export type WebhookOff = Schemas["WebhookOff"];
export type CreateWebhook = Schemas["CreateWebhook"];
export type ChangeWebhook = Schemas["ChangeWebhook"];
export type WebhookCreated = Schemas["WebhookCreated"];
export type WebhookSecret = Schemas["WebhookSecret"];
export type Delivery = Schemas["WebhookDelivery"];
export type DeliveryState = Schemas["DeliveryState"];
export type DeliveryPage = Schemas["WebhookDeliveryPage"];

/** So many messages a page: each holds what was sent. */
const A_PAGE = 25;

const at = (id: string) => ({ params: { path: { id } } });

export const webhooks = {
  list: (cursor: string | null): Promise<WebhookPage> =>
    unwrap(http.GET("/api/v1/webhooks", { params: { query: from(cursor) } })),
  one: (id: string): Promise<Webhook> => unwrap(http.GET("/api/v1/webhooks/{id}", at(id))),
  make: (body: CreateWebhook): Promise<WebhookCreated> =>
    unwrap(http.POST("/api/v1/webhooks", { body })),
  change: (id: string, body: ChangeWebhook): Promise<Webhook> =>
    unwrap(http.PATCH("/api/v1/webhooks/{id}", { ...at(id), body })),
  remove: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/webhooks/{id}", at(id)));
  },
  newSecret: (id: string): Promise<WebhookSecret> =>
    unwrap(http.POST("/api/v1/webhooks/{id}/secret", at(id))),
  test: (id: string): Promise<Delivery> => unwrap(http.POST("/api/v1/webhooks/{id}/test", at(id))),
  deliveries: (id: string, cursor: string | null): Promise<DeliveryPage> =>
    unwrap(
      http.GET("/api/v1/webhooks/{id}/deliveries", {
        params: { path: { id }, query: { ...from(cursor), limit: A_PAGE } },
      }),
    ),
  again: (id: string, delivery: string): Promise<Delivery> =>
    unwrap(
      http.POST("/api/v1/webhooks/{id}/deliveries/{delivery_id}/again", {
        params: { path: { id, delivery_id: delivery } },
      }),
    ),
};
