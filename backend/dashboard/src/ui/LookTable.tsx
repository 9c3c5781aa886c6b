/** Looks at somebody's activity, newest first, in plain words. */
import { Fragment } from "react";
import type { Look } from "../api/own";
import { me } from "../text/me";
import { shared } from "../text/shared";
import { Table } from "./Table";
import { type Visit, visitsOf } from "./visits";
import { When } from "./When";

const words = me.looks;

export function LookTable(props: {
  label: string;
  looks: readonly Look[];
  /** What was looked at, as it is said to the one concerned, or about them. */
  kinds: Readonly<Record<string, string>>;
}) {
  return (
    <Table
      label={props.label}
      rows={visitsOf(props.looks, props.kinds)}
      rowKey={({ look }) => `${look.at} ${look.viewer_id} ${look.looked_at} ${look.date}`}
      columns={[
        { head: words.who, kind: "main", cell: ({ look }) => <Viewer look={look} /> },
        { head: words.what, cell: ({ at }) => <What at={at} /> },
        { head: words.when, cell: ({ look }) => <When at={look.at} /> },
      ]}
    />
  );
}

function What(props: { at: Visit["at"] }) {
  return (
    <>
      {props.at.map(({ what, times }, i) => (
        <Fragment key={what}>
          {i > 0 && <br />}
          {what}
          {times > 1 && <span className="wp-numbers">{` ${words.times(times)}`}</span>}
        </Fragment>
      ))}
    </>
  );
}

function Viewer(props: { look: Look }) {
  const { look } = props;
  if (!look.viewer_role && !look.viewer_name) return <>{shared.itOnServer}</>;
  return (
    <>
      <bdi>{look.viewer_name ?? shared.someoneErased}</bdi>
      {look.viewer_role ? `, ${words.role(look.viewer_role)}` : ""}
    </>
  );
}
