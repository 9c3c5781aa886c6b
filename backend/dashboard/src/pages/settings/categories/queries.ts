/** Questions about categories, as the parts of the page share them. */
import { categories } from "../../../api/categories";
import { everyPage } from "../../../ui/usePages";

/** Every question about categories begins so. */
export const CATEGORIES = ["categories"] as const;

export const allCategories = {
  queryKey: [...CATEGORIES, "all"],
  queryFn: () => everyPage(categories.list),
};

export const rulesQuery = {
  queryKey: [...CATEGORIES, "rules"],
  queryFn: categories.rules,
  // What is being written must not be overtaken in silence.
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  staleTime: Number.POSITIVE_INFINITY,
};

export const progressQuery = {
  queryKey: [...CATEGORIES, "progress"],
  queryFn: categories.progress,
};
