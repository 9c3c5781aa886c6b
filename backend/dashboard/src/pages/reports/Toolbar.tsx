/** Which days, of which team: shared by the pages of the reports. */

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { reports as words } from "../../text/reports";
import { DateField } from "../../ui/DateField";
import { Choice } from "../../ui/Form";
import { named } from "../../ui/Named";
import { everyTeam } from "../groups/everyTeam";
import type { ReportSearch, rangeSearch } from "./address";
import classes from "./Reports.module.css";
import { type DayRange, daysOf, PRESETS, type Preset } from "./range";

export const DEFAULT_RANGE: Preset = "last-7";

/** The days of an address; without any, the default's. */
export function rangeOf(search: ReturnType<typeof rangeSearch>, today: string): DayRange {
  if (search.range === undefined && search.from !== undefined && search.to !== undefined) {
    return { from: search.from, to: search.to };
  }
  return daysOf(search.range ?? DEFAULT_RANGE, today);
}

/** Of which days and of whom an address asks, as every report's question says it. */
export function scopeOf(
  search: Pick<ReportSearch, "range" | "from" | "to" | "team" | "person">,
  today: string,
) {
  return {
    ...rangeOf(search, today),
    ...(search.team === undefined ? {} : { team_id: search.team }),
    ...(search.person === undefined ? {} : { user_id: search.person }),
  };
}

interface Props<By extends string> {
  search: ReportSearch<By>;
  today: string;
  onSearch: (change: ReportSearch<By>) => void;
  children?: ReactNode;
}

export function Toolbar<By extends string>(props: Props<By>) {
  const { search, today, onSearch } = props;
  const own = search.range === undefined && search.from !== undefined;
  const range = rangeOf(search, today);
  const all = useQuery(everyTeam);
  const { range: _, from: __, to: ___, ...rest } = search;
  const choose = (from: string, to: string) => {
    if (from !== "" && to !== "" && from <= to) onSearch({ ...rest, from, to });
  };
  return (
    <div className={classes.toolbar}>
      <Choice<Preset | "own">
        label={words.range}
        value={own ? "own" : (search.range ?? DEFAULT_RANGE)}
        options={[
          ...PRESETS.map((value) => ({ value, label: words.presets[value] ?? value })),
          { value: "own" as const, label: words.own },
        ]}
        onChange={(value) =>
          onSearch(value === "own" ? { ...rest, ...range } : { ...rest, range: value })
        }
      />
      {own && (
        <>
          <DateField
            label={words.from}
            value={range.from}
            max={range.to}
            onChange={(from) => choose(from, range.to)}
          />
          <DateField
            label={words.to}
            value={range.to}
            min={range.from}
            max={today}
            onChange={(to) => choose(range.from, to)}
          />
        </>
      )}
      {/* There from the beginning: what stands below it must not move when the teams are known. */}
      {all.data?.length !== 0 && (
        <Choice
          label={words.team}
          value={search.team ?? ""}
          options={[
            { value: "", label: words.anyTeam },
            ...(all.data ?? []).map((team) => ({
              value: team.id as string,
              label: named(team.name),
            })),
          ]}
          onChange={(team) => {
            const { team: ____, ...others } = search;
            onSearch(team === "" ? others : { ...others, team });
          }}
        />
      )}
      {props.children}
    </div>
  );
}
