/** Who is logged in, how it looks, and the way out. */
import { Menu, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client";
import { ApiError } from "../api/problem";
import type { Me } from "../api/types";
import { text } from "../text/en";
import { initials } from "../ui/initials";
import classes from "./AccountMenu.module.css";

const words = text.account;

export function AccountMenu(props: { me: Me; onLoggedOut: () => void }) {
  const { me } = props;
  const logout = useMutation({
    mutationFn: () =>
      api.logout().catch((error: unknown) => {
        // Already out (another tab, or cut off): that is what was asked for.
        if (!(error instanceof ApiError && error.needsLogin)) throw error;
      }),
    onSuccess: props.onLoggedOut,
  });
  return (
    <Menu position="right-end" offset={12} width={280} withinPortal shadow="md" trapFocus>
      <Menu.Target>
        <button type="button" className={classes.avatar} aria-label={words.menu(me.name)}>
          {initials(me.name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>
            <bdi>{me.name}</bdi>
          </strong>
          <span>{me.email}</span>
          <span>
            {words.role[me.role] ?? me.role}, <bdi>{me.organization.name}</bdi>
          </span>
        </div>
        <Menu.Divider />
        <Appearance />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.7} aria-hidden="true" />}
          closeMenuOnClick={false}
          disabled={logout.isPending}
          onClick={() => logout.mutate()}
        >
          {logout.isPending ? words.loggingOut : words.logOut}
        </Menu.Item>
        {logout.isError && (
          <p className={classes.failed} role="alert">
            {words.logOutFailed}
          </p>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Appearance() {
  // The library would otherwise switch transitions off with an injected style, which the
  // content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const choice = (Icon: typeof IconSun, label: string) => (
    <span className={classes.choice}>
      <Icon size={16} stroke={1.7} aria-hidden="true" />
      {label}
    </span>
  );
  return (
    <div className={classes.appearance}>
      <span id="appearance-label">{words.appearance}</span>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby="appearance-label"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
        data={[
          { value: "light", label: choice(IconSun, words.light) },
          { value: "dark", label: choice(IconMoon, words.dark) },
          { value: "auto", label: choice(IconDeviceDesktop, words.system) },
        ]}
      />
    </div>
  );
}
