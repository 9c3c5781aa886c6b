/** Routes about categories: what applications and sites are put into, and by which rules. */
import { from, http, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Category = Schemas["Category"];
export type CategoryKind = Schemas["CategoryKind"];
export type CategoryRule = Schemas["CategoryRule"];
export type CategoryRules = Schemas["CategoryRules"];
export type RulesPreview = Schemas["RulesPreview"];
export type RulesProgress = Schemas["RulesProgress"];

export const categories = {
  list: (cursor: string | null): Promise<Schemas["CategoryPage"]> =>
    unwrap(http.GET("/api/v1/categories", { params: { query: { ...from(cursor), limit: 200 } } })),

  make: (name: string, kind: CategoryKind): Promise<Category> =>
    unwrap(http.POST("/api/v1/categories", { body: { name, kind } })),

  change: (id: string, to: { name?: string; kind?: CategoryKind }): Promise<Category> =>
    unwrap(http.PATCH("/api/v1/categories/{id}", { params: { path: { id } }, body: to })),

  remove: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/categories/{id}", { params: { path: { id } } }));
  },

  rules: (): Promise<CategoryRules> => unwrap(http.GET("/api/v1/category-rules")),

  putRules: (version: number, rules: CategoryRule[]): Promise<CategoryRules> =>
    unwrap(http.PUT("/api/v1/category-rules", { body: { version, rules } })),

  tryRules: (rules: CategoryRule[], days: number): Promise<RulesPreview> =>
    unwrap(http.POST("/api/v1/category-rules/preview", { body: { rules, days } })),

  progress: (): Promise<RulesProgress> => unwrap(http.GET("/api/v1/category-rules/progress")),
};
