/** Hours in which nobody is told of alerts: any number of lines, each read back in words. */
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { HoursList } from "../../../hours/HoursList";
import type { HoursGap, HoursLine } from "../../../hours/line";
import { WEEKDAYS } from "../../../hours/weekdays";
import { settings } from "../../../text/settings";
import { gapOf, hoursOf, linesOf, MOST_LINES } from "./quiet";
import { SectionForm } from "./SectionForm";
import { useSection } from "./useSection";

const words = settings.organization.quiet;
/** What a new line begins with: the evenings of a working week. */
const FIRST = { days: WEEKDAYS.slice(0, 5), from: "20:00", until: "07:00" };

export function QuietHours(props: { organization: Organization; onChanged: () => void }) {
  const { organization } = props;
  const section = useSection({ lines: linesOf(organization.quiet_hours) }, props.onChanged);
  const { lines } = section.values;
  const submit = () => {
    const gaps = lines.flatMap((line) => {
      const gap = gapOf(line);
      return gap ? [[`${line.key}-${gap.at}`, gap.words]] : [];
    });
    if (gaps.length > 0) section.setGaps(Object.fromEntries(gaps));
    else section.save({ quiet_hours: hoursOf(lines) });
  };
  const told = (line: HoursLine): HoursGap | null => {
    for (const at of ["days", "times"] as const) {
      const gap = section.gaps[`${line.key}-${at}`];
      if (gap) return { at, words: gap };
    }
    return null;
  };
  return (
    <SectionForm
      title={words.title}
      lead={words.lead}
      section={section}
      fields={["quiet_hours"]}
      onSubmit={submit}
    >
      <HoursList
        lines={lines}
        first={FIRST}
        most={MOST_LINES}
        words={words}
        gapOf={gapOf}
        told={told}
        problem={fieldMessage(section.saving.error, "quiet_hours", words.title)}
        onChange={(next) => section.edit({ lines: next })}
      />
    </SectionForm>
  );
}
