/** An organization's own settings, in sections that are saved by themselves. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { settings, type Organization as Values } from "../../api/settings";
import { settings as texts } from "../../text/settings";
import { LoadProblem } from "../../ui/LoadProblem";
import { Page, Rows, Section } from "../../ui/Page";
import { Joining, Name } from "./organization/General";
import { QuietHours } from "./organization/QuietHours";
import { Retention } from "./organization/Retention";
import { Switch } from "./organization/SectionForm";
import { Thresholds } from "./organization/Thresholds";
import { TimeZone } from "./organization/TimeZone";
import { ORGANIZATION } from "./organization/useSection";
import { SettingsTabs } from "./SettingsTabs";

const words = texts.organization;
/** While days are made again, in milliseconds. */
const LOOK_AGAIN = 2000;

export function Organization(props: { onChanged: () => void }) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ORGANIZATION,
    queryFn: settings.organization,
    refetchInterval: ({ state }) =>
      // An answer from before a change would show what no longer holds.
      state.data?.days_remade && queries.isMutating({ mutationKey: ORGANIZATION }) === 0
        ? LOOK_AGAIN
        : false,
  });
  const part = query.data && { organization: query.data, onChanged: props.onChanged };
  return (
    <Page
      title={words.title}
      lead={query.data && words.zone(query.data.time_zone)}
      tabs={<SettingsTabs />}
      narrow
    >
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      {part && (
        <>
          <Name {...part} />
          <TimeZone {...part} />
          <Joining {...part} />
          <Devices {...part} />
          <Thresholds {...part} />
          <QuietHours {...part} />
          <Retention {...part} />
        </>
      )}
    </Page>
  );
}

function Devices(props: { organization: Values; onChanged: () => void }) {
  return (
    <Section title={words.devices}>
      <Switch
        label={words.approval}
        hint={words.approvalHint}
        field="devices_need_approval"
        on={props.organization.devices_need_approval}
        onChanged={props.onChanged}
      />
    </Section>
  );
}
