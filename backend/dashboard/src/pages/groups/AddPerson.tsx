/** Finds somebody by name or e-mail, to add them. Few at a time: a list of thousands helps nobody. */

import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groups } from "../../text/groups";
import { FloatingProblem } from "../../ui/Floating";
import { Named } from "../../ui/Named";
import { everyone } from "../people/everyone";
import { matchingPeople } from "../people/filter";
import classes from "./AddPerson.module.css";

const SHOWN = 6;

export function AddPerson(props: {
  /** Who is in it already. */
  without: ReadonlySet<string>;
  pending: boolean;
  onAdd: (id: string, name: string) => void;
}) {
  const [search, setSearch] = useState("");
  const people = useQuery(everyone);
  const found =
    search.trim() === ""
      ? []
      : matchingPeople(people.data ?? [], { search, role: "", status: "" })
          .filter((person) => !props.without.has(person.id))
          .slice(0, SHOWN);
  return (
    <div className={classes.add}>
      <FloatingProblem error={people.error} />
      <TextInput
        label={groups.addPerson}
        description={groups.addHint}
        autoComplete="off"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {found.length > 0 && (
        <ul>
          {found.map((person) => (
            <li key={person.id}>
              <span>
                <Named name={person.name} />, <bdi>{person.email}</bdi>
              </span>
              <Button
                size="xs"
                variant="default"
                disabled={props.pending}
                aria-label={`${groups.add} ${person.name}`}
                onClick={() => {
                  props.onAdd(person.id, person.name);
                  setSearch("");
                }}
              >
                {groups.add}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status">
        {search.trim() !== "" && people.data && found.length === 0 ? groups.nobodyFound : ""}
      </p>
    </div>
  );
}
