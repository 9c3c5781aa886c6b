/** One project: time booked, people and managers; renaming, opening and archiving it. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projects } from "../../api/groups";
import type { Me } from "../../api/types";
import { groups } from "../../text/groups";
import { FloatingProblem } from "../../ui/Floating";
import { Tick } from "../../ui/Form";
import { LoadProblem } from "../../ui/LoadProblem";
import { Named } from "../../ui/Named";
import { Page, Rows, Section } from "../../ui/Page";
import { Deed } from "../people/Deed";
import { Members } from "./Members";
import { NewGroup } from "./NewGroup";
import { Totals } from "./Totals";

const words = groups.projects;

export function ProjectPage(props: { me: Me; id: string }) {
  const { id, me } = props;
  const queries = useQueryClient();
  const key = ["project", id];
  const query = useQuery({ queryKey: key, queryFn: () => projects.one(id) });
  const [renaming, setRenaming] = useState(false);
  const change = useMutation({
    mutationFn: (body: { open_to_all?: boolean; archived?: boolean }) => projects.change(id, body),
    // Shown at once; taken back if the server refuses.
    onMutate: (body) => {
      const before = queries.getQueryData<Project>(key);
      if (before) {
        queries.setQueryData<Project>(key, {
          ...before,
          ...(body.open_to_all === undefined ? {} : { open_to_all: body.open_to_all }),
          ...(body.archived === undefined
            ? {}
            : { archived_at: body.archived ? new Date().toISOString() : null }),
        });
      }
      return { before };
    },
    onError: (_error, _body, kept) => {
      if (kept?.before) queries.setQueryData(key, kept.before);
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: key, exact: true });
      void queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const project = query.data;
  const admin = me.role === "admin";
  const may = admin || (me.role === "manager" && project?.is_manager === true);
  const rest = (project: Project) => (
    <>
      {may && (
        <Section title={words.access}>
          <Tick
            label={words.openToAll}
            hint={words.openHint}
            checked={project.open_to_all}
            onChange={(open_to_all) => change.mutate({ open_to_all })}
          />
        </Section>
      )}
      <Section title={groups.people}>
        <Members
          label={groups.people}
          queryKey={["project", id, "members"]}
          ask={(cursor) => projects.members(id, cursor)}
          set={(userId, isManager) => projects.setMember(id, userId, isManager)}
          remove={(userId) => projects.removeMember(id, userId)}
          mayAdd={may}
          mayAppoint={admin}
          mayOpen={me.role !== "employee"}
          noSight={words.noSight}
        />
      </Section>
      {may && (
        <Section title={project.archived_at ? words.archived : words.inUse}>
          <Deed lead={project.archived_at ? words.unarchiveLead : words.archiveLead}>
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ archived: !project.archived_at })}
            >
              {project.archived_at ? words.unarchive : words.archive}
            </Button>
          </Deed>
        </Section>
      )}
    </>
  );
  return (
    <Page
      title={project?.name ?? words.one}
      heading={<Named name={project?.name ?? words.one} />}
      back={<Link to="/projects">{words.back}</Link>}
      actions={
        may &&
        project && (
          <Button variant="default" onClick={() => setRenaming(true)}>
            {groups.rename}
          </Button>
        )
      }
    >
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      <FloatingProblem error={change.error} />
      {project &&
        (me.role === "employee" ? (
          rest(project)
        ) : (
          <Totals project={id} zone={me.organization.time_zone}>
            {rest(project)}
          </Totals>
        ))}
      {project && renaming && (
        <NewGroup
          title={groups.rename}
          queryKey={key}
          initial={project.name}
          make={(name) => projects.change(id, { name })}
          onMade={() => {
            setRenaming(false);
            void queries.invalidateQueries({ queryKey: ["projects"] });
          }}
          onClose={() => setRenaming(false)}
        />
      )}
    </Page>
  );
}
