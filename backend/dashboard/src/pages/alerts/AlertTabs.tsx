/** What needs a look: alerts, and what people say of their time. */
import { alerts } from "../../text/alerts";
import { notes } from "../../text/notes";
import { Tabs } from "../../ui/Tabs";

export function AlertTabs() {
  return (
    <Tabs
      tabs={[
        { to: "/alerts", label: alerts.title },
        { to: "/alerts/notes", label: notes.pageTitle },
      ]}
    />
  );
}
