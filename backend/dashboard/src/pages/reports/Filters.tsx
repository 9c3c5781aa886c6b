/** Of which project and which person a report is: chosen, named, and let go. */
import { useQuery } from "@tanstack/react-query";
import { people } from "../../api/people";
import { reports as words } from "../../text/reports";
import { Choice } from "../../ui/Form";
import { named } from "../../ui/Named";
import { everyProject, everyTeam } from "../groups/everyTeam";
import { PROJECT_GROUPS, type ReportSearch, type Sort } from "./address";

/** The names behind an address's ids; null where none is asked for, or it is not known yet. */
export interface About {
  team: string | null;
  project: string | null;
  person: string | null;
}

export function useAbout(search: Pick<ReportSearch, "team" | "project" | "person">): About {
  const { team, project, person } = search;
  const teams = useQuery(everyTeam).data;
  const projects = useQuery(everyProject).data;
  const account = useQuery({
    queryKey: ["person", person],
    queryFn: () => people.one(person ?? ""),
    enabled: person !== undefined,
  }).data;
  const nameIn = (list: readonly { id: string; name: string }[] | undefined, id?: string) => {
    const found = id === undefined ? undefined : list?.find((one) => one.id === id);
    return found ? named(found.name) : null;
  };
  return {
    team: nameIn(teams, team),
    project: nameIn(projects, project),
    person: person !== undefined && account ? named(account.name) : null,
  };
}

interface Props<By extends string> {
  search: ReportSearch<By>;
  about: About;
  onSearch: (search: ReportSearch<By>) => void;
}

/** Which person the page is of, and the way back to everybody. */
export function PersonFilter<By extends string>(props: Props<By>) {
  const { person, ...others } = props.search;
  if (person === undefined) return null;
  return (
    <Choice<string>
      label={words.onePerson}
      value={person}
      options={[
        { value: "", label: words.everybody },
        { value: person, label: props.about.person ?? words.onePerson },
      ]}
      onChange={(id) => {
        if (id === "") props.onSearch(others);
      }}
    />
  );
}

export function Filters(props: Props<Sort>) {
  const { search, onSearch } = props;
  const all = useQuery(everyProject).data ?? [];
  const { project, person, ...others } = search;
  // One that is archived is offered only where the address names it.
  const offered = all.filter((one) => !one.archived_at || one.id === project);
  const unknown = project !== undefined && !offered.some((one) => one.id === project);
  return (
    <>
      {(offered.length > 0 || project !== undefined) && (
        <Choice<string>
          label={words.project}
          value={project ?? ""}
          options={[
            { value: "", label: words.anyProject },
            ...(unknown ? [{ value: project, label: words.oneProject }] : []),
            ...offered.map((one) => ({ value: one.id, label: named(one.name) })),
          ]}
          onChange={(id) => {
            const rest = person === undefined ? others : { ...others, person };
            const { by, ...less } = rest;
            const goes = by === undefined || PROJECT_GROUPS.includes(by);
            onSearch(id === "" ? rest : { ...(goes ? rest : less), project: id });
          }}
        />
      )}
      <PersonFilter {...props} />
    </>
  );
}
