/** The heading of a group: what it is, and how many of it are working. */
import type { Group, Heading } from "../../live/groups";
import { text } from "../../text/en";
import { StateMark } from "../../ui/StateMark";
import classes from "./GroupHeading.module.css";

const words = text.live;

/** Its height in pixels, with the space above. */
export const HEADING = 56;

export function GroupHeading(props: { group: Group }) {
  const { heading, people } = props.group;
  const working = people.filter((person) => person.session !== null).length;
  return (
    <div className={classes.group}>
      {heading.kind === "status" && <StateMark status={heading.status} />}
      <bdi className={classes.name}>{nameOf(heading)}</bdi>
      <span className={`${classes.count} wp-numbers`}>
        {heading.kind === "status" || heading.kind === "not_working"
          ? words.groupCount(people.length)
          : words.groupWorking(working, people.length)}
      </span>
    </div>
  );
}

function nameOf(heading: Heading): string {
  if (heading.kind === "named") return heading.name;
  if (heading.kind === "status") return text.status[heading.status] ?? heading.status;
  return words.groups[heading.kind];
}
