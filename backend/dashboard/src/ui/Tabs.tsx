/** The pages of one section. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { shared } from "../text/shared";
import classes from "./Tabs.module.css";
import { useEdges } from "./useEdges";

export interface Tab {
  to: LinkProps["to"];
  params?: Record<string, string>;
  label: string;
}

export function Tabs(props: { tabs: readonly Tab[] }) {
  const nav = useRef<HTMLElement>(null);
  useEdges(nav);
  useEffect(() => {
    // On a phone the row is longer than the screen: the middle shows what is beside it, too.
    const here = nav.current?.querySelector('[aria-current="page"]');
    here?.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
  return (
    <nav ref={nav} className={`${classes.tabs} wp-edges`} aria-label={shared.sections}>
      {props.tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to ?? "/"}
          params={tab.params ?? {}}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
