/** Joins the page of categories to its address. */
import { Categories } from "./Categories";

export function CategoriesRoute() {
  return <Categories />;
}
