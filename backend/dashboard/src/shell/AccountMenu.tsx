/** Who is logged in, how it looks, and the way out. */
import { Button, Popover, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import type { Me } from "../api/types";
import { text } from "../text/en";
import { shared } from "../text/shared";
import { initials } from "../ui/initials";
import { LanguageChoice } from "../ui/LanguageChoice";
import classes from "./AccountMenu.module.css";
import type { useLogout } from "./useLogout";

const words = text.account;

export function AccountMenu(props: { me: Me; logout: ReturnType<typeof useLogout> }) {
  const { me } = props;
  const onPhone = useMediaQuery("(max-width: 43.99em)", false, { getInitialValueInEffect: false });
  const { logout } = props;
  return (
    // In place, not in a portal: it belongs to the navigation that it opens from.
    <Popover
      position={onPhone ? "top-end" : "right-end"}
      offset={12}
      width={296}
      withinPortal={false}
      shadow="md"
      trapFocus
      returnFocus
      transitionProps={{ duration: 150 }}
    >
      <Popover.Target>
        <button type="button" className={classes.avatar}>
          <span aria-hidden="true">{initials(me.name)}</span>
          <span className="wp-hidden">{words.menu(me.name)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.panel ?? ""}>
        <div className={classes.who}>
          <strong>
            <bdi>{me.name}</bdi>
          </strong>
          <span>{me.email}</span>
          <span>
            {words.role[me.role] ?? me.role}, <bdi>{me.organization.name}</bdi>
          </span>
        </div>
        <Appearance />
        <div className={classes.language}>
          <span>{shared.language}</span>
          <LanguageChoice />
        </div>
        <Button
          variant="default"
          fullWidth
          leftSection={<IconLogout size={18} stroke={1.7} aria-hidden="true" />}
          loading={logout.isPending}
          onClick={() => logout.mutate()}
        >
          {words.logOut}
        </Button>
        {logout.isError && (
          <p className={classes.failed} role="alert">
            {words.logOutFailed}
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
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
        size="sm"
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
