/** Says when what is seen is not live any more, and how old it is. */
import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { age } from "../../format/duration";
import { clock } from "../../format/instant";
import { useNow } from "../../live/now";
import { text } from "../../text/en";
import { FloatingState } from "../../ui/Floating";

const words = text.live.connection;

/** A drop that mends itself within this time is nobody's concern. */
const GRACE_MILLIS = 3_000;

export function ConnectionNote(props: { lostAt: number | null; onConnect: () => void }) {
  return props.lostAt !== null && <Lost lostAt={props.lostAt} onConnect={props.onConnect} />;
}

function Lost(props: { lostAt: number; onConnect: () => void }) {
  const now = useNow();
  const passed = now - props.lostAt;
  if (passed < GRACE_MILLIS) return null;
  const time = clock(props.lostAt, now);
  // Whole minutes only: a text that changes each second would be read aloud each second.
  return (
    <FloatingState>
      <IconPlugConnectedX size={20} stroke={1.7} aria-hidden="true" />
      <p>
        <strong>{words.lost}</strong>{" "}
        {passed < 60_000
          ? words.staleMoment(time)
          : words.staleSince(time, age(Math.floor(passed / 60_000) * 60))}
      </p>
      <Button variant="default" size="xs" onClick={props.onConnect}>
        {words.tryNow}
      </Button>
    </FloatingState>
  );
}
