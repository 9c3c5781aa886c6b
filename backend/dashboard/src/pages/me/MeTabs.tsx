/** The pages about oneself. */
import { me } from "../../text/me";
import { Tabs } from "../../ui/Tabs";

export function MeTabs() {
  return (
    <Tabs
      tabs={[
        { to: "/me", label: me.tabs.day },
        { to: "/me/weeks", label: me.tabs.weeks },
        { to: "/me/privacy", label: me.tabs.privacy },
        { to: "/me/looks", label: me.tabs.looks },
        { to: "/me/account", label: me.tabs.account },
      ]}
    />
  );
}
