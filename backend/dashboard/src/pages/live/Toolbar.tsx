/** Counts that filter, search, and order. */
import { CloseButton, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconLayoutGrid, IconList, IconSearch } from "@tabler/icons-react";
import { useRef } from "react";
import type { PersonStatus } from "../../api/types";
import { GROUPINGS } from "../../live/groups";
import { type Sort, STATUSES } from "../../live/order";
import { text } from "../../text/en";
import { StateMark } from "../../ui/StateMark";
import { useEdges } from "../../ui/useEdges";
import classes from "./Toolbar.module.css";
import type { Look, View } from "./useRows";

const words = text.live;
/** How the counts stand: as a person reads a team, from at work to at rest. */
const SHOWN = ["active", "idle", "unobserved", "offline", "not_working"] as const;

interface Props {
  view: View;
  counts: Record<PersonStatus, number>;
  total: number;
  shown: number;
  onChange: (view: Partial<View>) => void;
}

export function Toolbar(props: Props) {
  const { view, onChange } = props;
  const search = useRef<HTMLInputElement>(null);
  const filters = useRef<HTMLDivElement>(null);
  useEdges(filters);
  useHotkeys([["/", () => search.current?.focus()]]);
  const toggle = (status: PersonStatus) => {
    const on = view.statuses.includes(status);
    const next = STATUSES.filter((s) => (s === status ? !on : view.statuses.includes(s)));
    onChange({ statuses: next });
  };
  return (
    <div className={classes.toolbar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset needs a legend that would be read twice */}
      <div
        ref={filters}
        className={`${classes.filters} wp-edges`}
        role="group"
        aria-label={words.filterLabel}
      >
        <button
          type="button"
          className={classes.filter}
          aria-pressed={view.statuses.length === 0}
          onClick={() => onChange({ statuses: [] })}
        >
          {words.all} <b className="wp-numbers">{props.total}</b>
        </button>
        {SHOWN.map((status) => (
          <button
            key={status}
            type="button"
            className={classes.filter}
            aria-pressed={view.statuses.includes(status)}
            onClick={() => toggle(status)}
          >
            <StateMark status={status} />
            {text.status[status]} <b className="wp-numbers">{props.counts[status]}</b>
          </button>
        ))}
      </div>
      <div className={classes.find}>
        <TextInput
          ref={search}
          className={classes.search ?? ""}
          aria-label={words.search}
          placeholder={words.searchShort}
          value={view.search}
          maxLength={100}
          onChange={(event) => onChange({ search: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape") onChange({ search: "" });
          }}
          leftSection={<IconSearch size={16} stroke={1.8} aria-hidden="true" />}
          rightSection={
            view.search === "" ? null : (
              <CloseButton
                size="sm"
                aria-label={words.clearSearch}
                onClick={() => {
                  onChange({ search: "" });
                  search.current?.focus();
                }}
              />
            )
          }
        />
        <SegmentedControl
          className={classes.sort ?? ""}
          aria-label={words.sort}
          value={view.sort}
          onChange={(value) => onChange({ sort: value as Sort })}
          data={[
            { value: "attention", label: words.sortAttention },
            { value: "name", label: words.sortName },
          ]}
        />
        <NativeSelect
          className={classes.group ?? ""}
          aria-label={words.group}
          value={view.group}
          data={GROUPINGS.map((group) => ({ value: group, label: words.grouping[group] }))}
          onChange={(event) => {
            const group = GROUPINGS.find((one) => one === event.currentTarget.value);
            if (group) onChange({ group });
          }}
        />
        <SegmentedControl
          className={classes.look ?? ""}
          aria-label={words.look}
          value={view.look}
          onChange={(value) => onChange({ look: value as Look })}
          data={[
            { value: "rows", label: <LookMark icon={IconList} name={words.looks.rows} /> },
            { value: "cards", label: <LookMark icon={IconLayoutGrid} name={words.looks.cards} /> },
          ]}
        />
      </div>
      <p className="wp-hidden" role="status">
        {words.shown(props.shown, props.total)}
      </p>
    </div>
  );
}

function LookMark(props: { icon: typeof IconList; name: string }) {
  return (
    <span className={classes.mark} title={props.name}>
      <props.icon size={16} stroke={1.8} aria-hidden="true" />
      <span className="wp-hidden">{props.name}</span>
    </span>
  );
}
