/** The pages of an organization's settings. */
import { categories } from "../../text/categories";
import { jobs } from "../../text/jobs";
import { settings } from "../../text/settings";
import { webhooks } from "../../text/webhooks";
import { Tabs } from "../../ui/Tabs";

export function SettingsTabs() {
  return (
    <Tabs
      tabs={[
        { to: "/settings", label: settings.tabs.organization },
        { to: "/settings/policy", label: settings.tabs.policy },
        { to: "/settings/categories", label: categories.pageTitle },
        { to: "/settings/webhooks", label: webhooks.title },
        { to: "/settings/jobs", label: jobs.title },
        { to: "/settings/audit", label: settings.tabs.audit },
      ]}
    />
  );
}
