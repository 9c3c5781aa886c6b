/** A person's name as the way to the minutes of a day of theirs. */
import { Link } from "@tanstack/react-router";
import { Named } from "./Named";

/** Without a day it is today's. */
export function PersonName(props: { id: string; name: string; date?: string }) {
  return (
    <Link
      to="/people/$id/day"
      params={{ id: props.id }}
      search={props.date === undefined ? {} : { date: props.date }}
    >
      <Named name={props.name} />
    </Link>
  );
}
