/** An instant: the time of day, or the date too when it is longer ago; seconds on hover. */
import { clock, exact, millis } from "../format/instant";
import { shared } from "../text/shared";

export function When(props: { at: string | null | undefined; never?: string }) {
  const at = millis(props.at);
  if (at === null) return <span>{props.never ?? shared.never}</span>;
  return (
    <time className="wp-numbers" dateTime={props.at ?? ""} title={exact(at)}>
      {clock(at, Date.now())}
    </time>
  );
}
