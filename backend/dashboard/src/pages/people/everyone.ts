/** Everyone whom the viewer sees, as a query that pages share. */
import { queryOptions } from "@tanstack/react-query";
import { people } from "../../api/people";
import { everyPage } from "../../ui/usePages";

export const everyone = queryOptions({
  queryKey: ["people"],
  queryFn: () => everyPage(people.list),
  staleTime: 30_000,
});
