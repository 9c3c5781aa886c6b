/** The head of a column that a table can be sorted by. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { shared } from "../text/shared";
import classes from "./Sort.module.css";

/** By which column, and whether the least comes first. */
export interface Order<Key extends string = string> {
  by: Key;
  up: boolean;
}

/** For `aria-sort`: only the column that a table is sorted by has one. */
export function ariaSort(here: boolean, up: boolean): "ascending" | "descending" | undefined {
  if (!here) return undefined;
  return up ? "ascending" : "descending";
}

export function SortButton(props: {
  head: string;
  here: boolean;
  up: boolean;
  onClick: () => void;
}) {
  const Arrow = props.up ? IconArrowUp : IconArrowDown;
  return (
    <button
      type="button"
      className={classes.sort}
      data-here={props.here}
      title={shared.sortBy(props.head)}
      onClick={props.onClick}
    >
      {props.head}
      {props.here && <Arrow size={14} aria-hidden="true" />}
    </button>
  );
}
