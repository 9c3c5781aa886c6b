/** Which alerts the inbox shows; all of it stands in the address. */

import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Me } from "../../api/types";
import { alerts } from "../../text/alerts";
import { locale } from "../../text/language";
import { DateField } from "../../ui/DateField";
import { Choice } from "../../ui/Form";
import { named } from "../../ui/Named";
import { everyTeam } from "../groups/everyTeam";
import { everyone } from "../people/everyone";
import classes from "./Alerts.module.css";
import { type AlertSearch, KINDS, type ShownState, STATES } from "./address";

const words = alerts.filter;
const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });

interface Props {
  me: Me;
  search: AlertSearch;
  shown: ShownState;
  onSearch: (search: AlertSearch) => void;
}

export function Filters(props: Props) {
  const { search, onSearch } = props;
  const own = props.me.role === "employee";
  /** An empty choice leaves the address. */
  const set = (name: keyof AlertSearch, value: string) => {
    const { [name]: _, ...rest } = search;
    onSearch(value === "" ? rest : { ...rest, [name]: value });
  };
  const { state, ...narrowing } = search;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset needs a legend that would be read twice
    <div className={classes.filters} role="group" aria-label={words.label}>
      <SegmentedControl
        className={classes.states ?? ""}
        aria-label={words.state}
        value={props.shown}
        onChange={(value) => set("state", value)}
        data={STATES.map((value) => ({ value, label: words.states[value] }))}
      />
      <Choice
        label={words.kind}
        value={search.kind ?? ""}
        options={[
          { value: "", label: words.anyKind },
          ...KINDS.map((value) => ({
            value: value as string,
            label: alerts.kinds[value] ?? value,
          })),
        ]}
        onChange={(kind) => set("kind", kind)}
      />
      {!own && <Who search={search} onSet={set} />}
      <DateField
        label={words.from}
        value={search.from ?? ""}
        {...(search.to ? { max: search.to } : {})}
        onChange={(from) => set("from", from)}
      />
      <DateField
        label={words.to}
        value={search.to ?? ""}
        {...(search.from ? { min: search.from } : {})}
        onChange={(to) => set("to", to)}
      />
      {Object.keys(narrowing).length > 0 && (
        <Button variant="default" onClick={() => onSearch(state ? { state } : {})}>
          {words.clear}
        </Button>
      )}
    </div>
  );
}

function Who(props: {
  search: AlertSearch;
  onSet: (name: "person" | "team", value: string) => void;
}) {
  const people = useQuery(everyone);
  const all = useQuery(everyTeam);
  const options = (list: readonly { id: string; name: string }[] | undefined) =>
    (list ?? [])
      .map(({ id, name }) => ({ value: id, label: named(name) }))
      .sort((a, b) => collator.compare(a.label, b.label));
  return (
    <>
      <Choice
        label={words.person}
        value={props.search.person ?? ""}
        options={[{ value: "", label: words.anyPerson }, ...options(people.data)]}
        onChange={(person) => props.onSet("person", person)}
      />
      {/* There from the beginning: what stands below it must not move when the teams are known. */}
      {(all.data?.length !== 0 || props.search.team !== undefined) && (
        <Choice
          label={words.team}
          value={props.search.team ?? ""}
          options={[{ value: "", label: words.anyTeam }, ...options(all.data)]}
          onChange={(team) => props.onSet("team", team)}
        />
      )}
    </>
  );
}
