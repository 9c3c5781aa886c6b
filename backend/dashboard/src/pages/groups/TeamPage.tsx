/** One team: its people and managers; admins rename and delete it. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { teams } from "../../api/groups";
import type { Me } from "../../api/types";
import { groups } from "../../text/groups";
import { Question } from "../../ui/Dialog";
import { LoadProblem } from "../../ui/LoadProblem";
import { Named } from "../../ui/Named";
import { Page, Rows, Section } from "../../ui/Page";
import { Members } from "./Members";
import { NewGroup } from "./NewGroup";

const words = groups.teams;

export function TeamPage(props: { me: Me; id: string; onDeleted: () => void }) {
  const { id } = props;
  const admin = props.me.role === "admin";
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["team", id], queryFn: () => teams.one(id) });
  const [renaming, setRenaming] = useState(false);
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => teams.remove(id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["teams"] });
      props.onDeleted();
    },
  });
  const team = query.data;
  return (
    <Page
      title={team?.name ?? words.one}
      heading={<Named name={team?.name ?? words.one} />}
      back={<Link to="/people/teams">{words.back}</Link>}
      actions={
        admin &&
        team && (
          <>
            <Link to="/people/teams/$id/policy" params={{ id }}>
              {groups.policy.open}
            </Link>
            <Button variant="default" onClick={() => setRenaming(true)}>
              {groups.rename}
            </Button>
            <Button variant="default" onClick={() => setAsking(true)}>
              {words.delete}
            </Button>
          </>
        )
      }
    >
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      {team && (
        <Section title={groups.people} {...(admin ? { lead: words.managerHint } : {})}>
          <Members
            label={groups.people}
            queryKey={["team", id, "members"]}
            ask={(cursor) => teams.members(id, cursor)}
            set={(userId, isManager) => teams.setMember(id, userId, isManager)}
            remove={(userId) => teams.removeMember(id, userId)}
            mayAdd={admin}
            mayAppoint={admin}
            mayOpen
          />
        </Section>
      )}
      {team && renaming && (
        <NewGroup
          title={groups.rename}
          queryKey={["team", id]}
          initial={team.name}
          make={(name) => teams.rename(id, name)}
          onMade={() => {
            setRenaming(false);
            void queries.invalidateQueries({ queryKey: ["teams"] });
          }}
          onClose={() => setRenaming(false)}
        />
      )}
      {team && asking && (
        <Question
          title={words.deleteQuestion(team.name)}
          confirm={words.delete}
          danger
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{words.deleteDetail}</p>
        </Question>
      )}
    </Page>
  );
}
