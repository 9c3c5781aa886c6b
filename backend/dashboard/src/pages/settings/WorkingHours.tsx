/** The hours outside which an agent does not look, each line read back in words. */
import { HoursList } from "../../hours/HoursList";
import type { HoursLine } from "../../hours/line";
import { gapOf } from "../../hours/working";
import { settings } from "../../text/settings";
import { FIRST_HOURS } from "./policyForm";

const words = settings.policy;

interface Props {
  hours: readonly HoursLine[];
  /** What is wrong with them, if anything. */
  gap: string | undefined;
  onChange: (hours: HoursLine[]) => void;
}

export function WorkingHours(props: Props) {
  return (
    <HoursList
      lines={props.hours}
      first={FIRST_HOURS}
      words={{
        title: words.hoursLines,
        none: words.hoursNone,
        days: words.hoursDays,
        line: words.hoursLine,
        removeOf: words.hoursRemoveOf,
      }}
      gapOf={gapOf}
      told={(line) => (props.gap ? gapOf(line) : null)}
      problem={props.gap}
      onChange={props.onChange}
    />
  );
}
