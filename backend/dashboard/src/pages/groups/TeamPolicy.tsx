/**
 * What is collected about a team's members: the organization's policy made stricter. Until the
 * team has one of its own, the form begins with the organization's.
 */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { teams } from "../../api/groups";
import { ApiError } from "../../api/problem";
import { settings } from "../../api/settings";
import { groups } from "../../text/groups";
import { Question } from "../../ui/Dialog";
import { LoadProblem } from "../../ui/LoadProblem";
import { Named } from "../../ui/Named";
import { Page, Rows } from "../../ui/Page";
import { PolicyForm } from "../settings/PolicyForm";

const words = groups.policy;

/** The team's policy; null where it has none, which the server says with a 404. */
async function teamPolicy(id: string) {
  try {
    return (await teams.policy(id)).policy;
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return null;
    throw error;
  }
}

export function TeamPolicy(props: { id: string }) {
  const { id } = props;
  const queries = useQueryClient();
  const key = ["team", id, "policy"];
  const [asking, setAsking] = useState(false);
  /** Rises when the policy is taken away: the form then begins anew. */
  const [round, setRound] = useState(0);
  const query = useQuery({
    queryKey: key,
    queryFn: async () => ({
      // An unknown team is told by its own route, not by the policy's.
      team: await teams.one(id),
      own: await teamPolicy(id),
      organization: await settings.policy(),
    }),
    // What is being written must not be overtaken in silence.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const remove = useMutation({
    mutationFn: () => teams.removePolicy(id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: key });
      setAsking(false);
      setRound((before) => before + 1);
    },
  });
  const found = query.data;
  const name = found?.team.name ?? groups.teams.one;
  return (
    <Page
      title={words.titleOf(name)}
      heading={<Named name={words.titleOf(name)} />}
      lead={words.lead}
      back={
        <Link to="/people/teams/$id" params={{ id }}>
          <Named name={name} />
        </Link>
      }
      actions={
        found?.own && (
          <Button variant="default" onClick={() => setAsking(true)}>
            {words.remove}
          </Button>
        )
      }
      narrow
    >
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      {found && (
        <>
          {!found.own && <p>{words.none}</p>}
          <PolicyForm
            key={round}
            policy={found.own ?? { ...found.organization, version: 0 }}
            save={(policy) => teams.setPolicy(id, policy)}
            read={() => teams.policy(id).then(({ policy }) => policy)}
            onSaved={() => void queries.invalidateQueries({ queryKey: key })}
          />
        </>
      )}
      {asking && (
        <Question
          title={words.removeQuestion}
          confirm={words.remove}
          danger
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{words.removeDetail}</p>
        </Question>
      )}
    </Page>
  );
}
