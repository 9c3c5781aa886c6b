/**
 * What the organization collects. Two admins at once: the second to save is told, keeps what they
 * wrote, and decides.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { settings } from "../../api/settings";
import { settings as texts } from "../../text/settings";
import { LoadProblem } from "../../ui/LoadProblem";
import { Page, Rows } from "../../ui/Page";
import { PolicyForm } from "./PolicyForm";
import { SettingsTabs } from "./SettingsTabs";

const words = texts.policy;

export const policyQuery = { queryKey: ["policy"], queryFn: settings.policy };

export function Policy() {
  const queries = useQueryClient();
  const query = useQuery({
    ...policyQuery,
    // What is being written must not be overtaken in silence.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Page title={words.title} lead={words.lead} tabs={<SettingsTabs />} narrow>
      {query.isPending && <Rows />}
      <LoadProblem query={query} />
      {query.data && (
        <PolicyForm
          policy={query.data}
          save={settings.setPolicy}
          read={settings.policy}
          onSaved={(now) => {
            queries.setQueryData(policyQuery.queryKey, now);
            void queries.invalidateQueries({ queryKey: ["policy", "effective"] });
          }}
        />
      )}
    </Page>
  );
}
