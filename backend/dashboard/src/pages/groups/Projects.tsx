/** All projects that the viewer may know of. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Project, projects } from "../../api/groups";
import type { Me } from "../../api/types";
import { groups } from "../../text/groups";
import { Tick } from "../../ui/Form";
import { Named } from "../../ui/Named";
import { Badge, Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { NewGroup } from "./NewGroup";

const words = groups.projects;

export function Projects(props: { me: Me; onMade: (project: Project) => void }) {
  const may = props.me.role !== "employee";
  const [archived, setArchived] = useState(false);
  const list = usePages(["projects", archived], (cursor) => projects.list(archived, cursor));
  const [making, setMaking] = useState(false);
  const [open, setOpen] = useState(true);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={may && <Button onClick={() => setMaking(true)}>{words.add}</Button>}
    >
      <Tick label={words.showArchived} checked={archived} onChange={setArchived} />
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{may ? words.emptyHint : words.emptyHintOther}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={list.items}
          rowKey={(project) => project.id}
          columns={[
            {
              head: words.one,
              kind: "main",
              cell: (project) => (
                <Link to="/projects/$id" params={{ id: project.id }}>
                  <Named name={project.name} />
                </Link>
              ),
            },
            {
              head: groups.state,
              cell: (project) => (
                <Badge tone={project.archived_at ? "quiet" : "good"}>
                  {project.archived_at ? words.archived : words.inUse}
                </Badge>
              ),
            },
            {
              head: words.access,
              cell: (project) => (project.open_to_all ? words.open : words.closed),
            },
            {
              head: groups.manages,
              cell: (project) => (project.is_manager ? groups.youManage : ""),
            },
          ]}
        />
      </Paged>
      {making && (
        <NewGroup
          title={words.add}
          queryKey={["projects"]}
          make={(name) => projects.make(name, open)}
          onMade={props.onMade}
          onClose={() => setMaking(false)}
        >
          <Tick label={words.openToAll} hint={words.openHint} checked={open} onChange={setOpen} />
        </NewGroup>
      )}
    </Page>
  );
}
