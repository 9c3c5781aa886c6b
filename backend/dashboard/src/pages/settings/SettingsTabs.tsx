/** The pages of an organization's settings. */
import { settings } from "../../text/settings";
import { Tabs } from "../../ui/Tabs";

export function SettingsTabs() {
  return (
    <Tabs
      tabs={[
        { to: "/settings", label: settings.tabs.organization },
        { to: "/settings/policy", label: settings.tabs.policy },
        { to: "/settings/audit", label: settings.tabs.audit },
      ]}
    />
  );
}
