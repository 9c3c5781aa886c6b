/** The pages of the reports. */
import { files } from "../../text/files";
import { reports as words } from "../../text/reports";
import { Tabs } from "../../ui/Tabs";

export function ReportTabs() {
  return (
    <Tabs
      tabs={[
        { to: "/reports", label: words.tabs.overview },
        { to: "/reports/attendance", label: words.tabs.attendance },
        { to: "/reports/completeness", label: words.tabs.completeness },
        { to: "/reports/files", label: files.tab },
      ]}
    />
  );
}
