/** What support needs to know. What is copied holds nothing about the person. */
import { Button, CopyButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useBridge } from "../bridge";
import { words } from "../text/words";
import { Failure, Head, Loading, Section } from "../ui/parts";
import classes from "./pages.module.css";
import { Updates } from "./Updates";

export default function Diagnosis() {
  const bridge = useBridge();
  const diagnosis = useQuery({
    queryKey: ["diagnosis"],
    queryFn: () => bridge.diagnosis(),
    refetchInterval: 10_000,
  });
  const text = diagnosis.data?.text;
  return (
    <>
      <Head
        title={words.places.diagnosis}
        lead={words.diagnosis.lead}
        actions={
          text !== undefined && (
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? words.diagnosis.copied : words.diagnosis.copy}
                </Button>
              )}
            </CopyButton>
          )
        }
      />
      {diagnosis.isPending && <Loading />}
      {diagnosis.isError && (
        <Failure
          heading={words.diagnosis.failed}
          error={diagnosis.error}
          onRetry={() => void diagnosis.refetch()}
        />
      )}
      {diagnosis.data?.groups.map((group) => (
        <Section key={group.title} title={words.diagnosis.groups[group.title] ?? group.title}>
          <div>
            {group.items.map((item) => (
              <div key={`${item.name} ${item.value}`} className={classes.found}>
                <Mark good={item.good} />
                <span>{item.name}</span>
                <strong>{item.value}</strong>
                {item.hint !== null && <p>{item.hint}</p>}
              </div>
            ))}
          </div>
        </Section>
      ))}
      <Updates />
    </>
  );
}

function Mark(props: { good: boolean | null }) {
  const { good } = props;
  const Icon = good === null ? IconMinus : good ? IconCheck : IconAlertTriangle;
  const label = good === null ? "" : good ? words.diagnosis.good : words.diagnosis.bad;
  return (
    <span data-good={good ?? undefined}>
      <Icon size={18} stroke={2} aria-hidden="true" />
      <span className="wp-hidden">{label}</span>
    </span>
  );
}
