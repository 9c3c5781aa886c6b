/** What is collected about oneself, and all of it to take along. */
import { useQuery } from "@tanstack/react-query";
import { own } from "../../api/own";
import { me as texts } from "../../text/me";
import { LoadProblem } from "../../ui/LoadProblem";
import { Page, Rows, Section } from "../../ui/Page";
import { Export } from "./Export";
import { MeTabs } from "./MeTabs";
import { PolicyText } from "./PolicyText";

const words = texts.privacy;

export function Privacy(props: { userId: string }) {
  const policy = useQuery({
    queryKey: ["policy", "effective", props.userId],
    queryFn: () => own.policy(props.userId),
  });
  return (
    <Page title={words.title} lead={words.lead} tabs={<MeTabs />} narrow>
      {policy.isPending && <Rows count={18} />}
      <LoadProblem query={policy} />
      {policy.data && (
        <>
          <PolicyText policy={policy.data.policy} />
          <p>
            {words.from(
              policy.data.parts
                .map((p) => `${p.name} (${words.version(p.policy.version)})`)
                .join(", "),
            )}
          </p>
        </>
      )}
      <Section title={words.export} lead={words.exportLead}>
        <Export />
      </Section>
    </Page>
  );
}
