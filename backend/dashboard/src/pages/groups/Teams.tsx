/** All teams that the viewer may know of. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Team, teams } from "../../api/groups";
import type { Me } from "../../api/types";
import { groups } from "../../text/groups";
import { Named } from "../../ui/Named";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { PeopleTabs } from "../people/PeopleTabs";
import { NewGroup } from "./NewGroup";

const words = groups.teams;

export function Teams(props: { me: Me; onMade: (team: Team) => void }) {
  const admin = props.me.role === "admin";
  const list = usePages(["teams"], teams.list);
  const [making, setMaking] = useState(false);
  const add = admin && <Button onClick={() => setMaking(true)}>{words.add}</Button>;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      tabs={<PeopleTabs viewer={props.me.role} />}
      actions={add}
    >
      <Paged
        query={list}
        count={list.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{admin ? words.emptyHint : words.emptyHintOther}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={list.items}
          rowKey={(team) => team.id}
          columns={[
            {
              head: words.one,
              kind: "main",
              cell: (team) => (
                <Link to="/people/teams/$id" params={{ id: team.id }}>
                  <Named name={team.name} />
                </Link>
              ),
            },
            { head: groups.people, kind: "number", cell: (team) => team.member_count },
            {
              head: groups.manages,
              cell: (team) => (team.is_manager ? groups.youManage : ""),
            },
          ]}
        />
      </Paged>
      {making && (
        <NewGroup
          title={words.add}
          queryKey={["teams"]}
          make={teams.make}
          onMade={props.onMade}
          onClose={() => setMaking(false)}
        />
      )}
    </Page>
  );
}
