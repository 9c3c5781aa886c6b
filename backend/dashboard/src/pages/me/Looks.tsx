/** Who looked at one's activity, newest first, in plain words. */
import { type Look, own } from "../../api/own";
import { dayInWords } from "../../format/instant";
import { me } from "../../text/me";
import { shared } from "../../text/shared";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { Table } from "../../ui/Table";
import { usePages } from "../../ui/usePages";
import { When } from "../../ui/When";
import { MeTabs } from "./MeTabs";

const words = me.looks;

/** "your day of Monday, together with 11 other people" */
export function lookInWords(look: Look): string {
  const what = words.kinds[look.looked_at] ?? look.looked_at;
  const day = look.date ? ` ${words.of(dayInWords(look.date))}` : "";
  const others = look.people > 1 ? `, ${words.with(look.people - 1)}` : "";
  return what + day + others;
}

export function Looks() {
  const looks = usePages(["me", "looks"], own.looks);
  return (
    <Page title={words.title} lead={words.lead} tabs={<MeTabs />}>
      <Paged
        query={looks}
        count={looks.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
          </Empty>
        }
      >
        <Table
          label={words.title}
          rows={looks.items}
          rowKey={(look) => `${look.at} ${look.viewer_id} ${look.looked_at} ${look.date}`}
          columns={[
            { head: words.who, kind: "main", cell: (look) => <Viewer look={look} /> },
            { head: words.what, cell: lookInWords },
            { head: words.when, cell: (look) => <When at={look.at} /> },
          ]}
        />
      </Paged>
    </Page>
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
