/** How this browser tells of new alerts: switched on here, and in this browser only. */
import { useState } from "react";
import {
  askPermission,
  keepSignals,
  permission,
  playSound,
  type Signals,
  signals,
} from "../../alerts/signals";
import { alerts } from "../../text/alerts";
import { Tick } from "../../ui/Form";
import { Section } from "../../ui/Page";

const words = alerts.signals;

export function AlertSignals() {
  const [wished, setWished] = useState(signals);
  const [allowed, setAllowed] = useState(permission);
  const [kept, setKept] = useState(true);
  const set = (change: Partial<Signals>) => {
    const next = { ...signals(), ...change };
    setWished(next);
    setKept(keepSignals(next));
  };
  const switchNotify = async (on: boolean) => {
    if (!on) return set({ notify: false });
    const answer = await askPermission();
    setAllowed(answer);
    return set({ notify: answer === "granted" });
  };
  return (
    <Section title={words.title} lead={words.lead}>
      <Tick
        label={words.sound}
        hint={words.soundHint}
        checked={wished.sound}
        onChange={(sound) => {
          set({ sound });
          if (sound) playSound();
        }}
      />
      <Tick
        label={words.notify}
        hint={hintOf(allowed)}
        // What was wished here before the browser was told otherwise does not happen.
        checked={wished.notify && allowed === "granted"}
        disabled={allowed === "missing"}
        onChange={(on) => void switchNotify(on)}
      />
      {!kept && <p role="status">{words.notKept}</p>}
    </Section>
  );
}

function hintOf(allowed: ReturnType<typeof permission>): string {
  if (allowed === "missing") return words.missing;
  return allowed === "denied" ? words.blocked : words.notifyHint;
}
