/** The pages about one person. */
import { day } from "../../text/day";
import { Tabs } from "../../ui/Tabs";

export function PersonTabs(props: { id: string }) {
  const params = { id: props.id };
  return (
    <Tabs
      tabs={[
        { to: "/people/$id/day", params, label: day.person.day },
        { to: "/people/$id/weeks", params, label: day.person.weeks },
        { to: "/people/$id/looks", params, label: day.person.looks },
        { to: "/people/$id", params, label: day.person.account },
      ]}
    />
  );
}
