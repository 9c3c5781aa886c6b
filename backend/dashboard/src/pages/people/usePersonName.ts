/** The name of a person whom the viewer sees. */
import { useQuery } from "@tanstack/react-query";
import { people } from "../../api/people";
import { useFeedView } from "../../live/LiveProvider";
import { people as texts } from "../../text/people";

/** The live view knows it already; only without it is the account asked for. */
export function usePersonName(id: string): string {
  const { live } = useFeedView();
  const seen = live?.people.get(id)?.person.name;
  const account = useQuery({
    queryKey: ["person", id],
    queryFn: () => people.one(id),
    enabled: live !== null && seen === undefined,
  });
  return (seen ?? account.data?.name ?? "").trim() || texts.list.noName;
}
