/** Who looked at a person's activity: the same list as they see it themselves. */
import { Link } from "@tanstack/react-router";
import { people } from "../../api/people";
import { day } from "../../text/day";
import { text } from "../../text/en";
import { me } from "../../text/me";
import { LookTable } from "../../ui/LookTable";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { usePages } from "../../ui/usePages";
import { PersonTabs } from "./PersonTabs";
import { usePersonName } from "./usePersonName";

const words = day.person;

export function PersonLooks(props: { id: string }) {
  const { id } = props;
  const name = usePersonName(id);
  const looks = usePages(["person", id, "looks"], (cursor) => people.looks(id, cursor));
  const title = words.looksAt(name);
  return (
    <Page
      title={title}
      heading={<bdi>{name}</bdi>}
      lead={words.looksLead}
      back={<Link to="/live">{text.live.title}</Link>}
      tabs={<PersonTabs id={id} />}
    >
      <Paged query={looks} count={looks.items.length} empty={<Empty title={me.looks.empty} />}>
        <LookTable label={title} looks={looks.items} kinds={me.looks.kindsOf} />
      </Paged>
    </Page>
  );
}
