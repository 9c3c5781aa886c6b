/** One person's account, as admins change it and others see it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { people } from "../../api/people";
import type { Me } from "../../api/types";
import { people as texts } from "../../text/people";
import { LoadProblem } from "../../ui/LoadProblem";
import { Page, Rows, Section } from "../../ui/Page";
import { When } from "../../ui/When";
import { Access } from "./Access";
import { AccountForm } from "./AccountForm";
import { PersonTabs } from "./PersonTabs";
import { Rights } from "./Rights";

const words = texts.person;

export function Person(props: { me: Me; id: string }) {
  const { me } = props;
  const query = useQuery({
    queryKey: ["person", props.id],
    queryFn: () => people.one(props.id),
  });
  const person = query.data;
  const name = person ? person.name.trim() || texts.list.noName : texts.list.title;
  return (
    <Page
      title={name}
      heading={<bdi>{name}</bdi>}
      lead={
        person && (
          <>
            <bdi>{person.email}</bdi>, {texts.roles[person.role] ?? person.role}. {words.joined}{" "}
            <When at={person.created_at} />, {words.seen.toLocaleLowerCase()}{" "}
            <When at={person.last_seen_at} />.
          </>
        )
      }
      back={<Link to="/people">{words.back}</Link>}
      tabs={<PersonTabs id={props.id} />}
      narrow
    >
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      {person && me.role === "admin" && (
        <>
          <Section title={words.account}>
            <AccountForm key={person.id} person={person} self={person.id === me.user_id} />
          </Section>
          <Section title={words.access}>
            <Access person={person} name={name} />
          </Section>
          <Section title={words.data}>
            <Rights person={person} name={name} self={person.id === me.user_id} />
          </Section>
        </>
      )}
    </Page>
  );
}
