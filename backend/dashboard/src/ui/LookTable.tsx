/** Looks at somebody's activity, newest first, in plain words. */
import type { Look } from "../api/own";
import { dayInWords } from "../format/instant";
import { me } from "../text/me";
import { shared } from "../text/shared";
import { Table } from "./Table";
import { When } from "./When";

const words = me.looks;

/** "your day of Monday, together with 11 other people" */
export function lookInWords(look: Look, kinds: Readonly<Record<string, string>>): string {
  const what = kinds[look.looked_at] ?? look.looked_at;
  const day = look.date ? ` ${words.of(dayInWords(look.date))}` : "";
  const others = look.people > 1 ? `, ${words.with(look.people - 1)}` : "";
  return what + day + others;
}

export function LookTable(props: {
  label: string;
  looks: readonly Look[];
  /** What was looked at, as it is said to the one concerned, or about them. */
  kinds: Readonly<Record<string, string>>;
}) {
  return (
    <Table
      label={props.label}
      rows={props.looks}
      rowKey={(look) => `${look.at} ${look.viewer_id} ${look.looked_at} ${look.date}`}
      columns={[
        { head: words.who, kind: "main", cell: (look) => <Viewer look={look} /> },
        { head: words.what, cell: (look) => lookInWords(look, props.kinds) },
        { head: words.when, cell: (look) => <When at={look.at} /> },
      ]}
    />
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
