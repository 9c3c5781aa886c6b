/** An organization's own settings. */
import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { settings, type UpdateOrganization, type Organization as Values } from "../../api/settings";
import { settings as texts } from "../../text/settings";
import { shared } from "../../text/shared";
import { Question } from "../../ui/Dialog";
import { Form, Tick } from "../../ui/Form";
import { Done, Page, Rows, Section } from "../../ui/Page";
import { ProblemNote } from "../../ui/ProblemNote";
import { lines } from "./policyForm";
import { SettingsTabs } from "./SettingsTabs";

const words = texts.organization;
const KEY = ["organization"];

export function Organization(props: { onChanged: () => void }) {
  const query = useQuery({ queryKey: KEY, queryFn: settings.organization });
  return (
    <Page
      title={words.title}
      lead={query.data && words.zone(query.data.time_zone)}
      tabs={<SettingsTabs />}
      narrow
    >
      {query.isPending && <Rows />}
      {query.error && (
        <ProblemNote
          heading={shared.failed}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && <Settings organization={query.data} onChanged={props.onChanged} />}
    </Page>
  );
}

function Settings(props: { organization: Values; onChanged: () => void }) {
  const { organization } = props;
  const queries = useQueryClient();
  const [name, setName] = useState(organization.name);
  const [open, setOpen] = useState(organization.registration_open);
  const [domains, setDomains] = useState(organization.registration_domains.join("\n"));
  const [approval, setApproval] = useState(organization.devices_need_approval);
  const [days, setDays] = useState(String(organization.retention_days));
  const [gaps, setGaps] = useState<{ name?: string; days?: string }>({});
  const [asking, setAsking] = useState<UpdateOrganization | null>(null);
  const change = useMutation({
    mutationFn: settings.change,
    onSuccess: (now) => {
      queries.setQueryData(KEY, now);
      props.onChanged();
    },
    onSettled: () => setAsking(null),
  });
  const submit = () => {
    const count = /^\d{1,4}$/.test(days.trim()) ? Number(days) : 0;
    const found = {
      ...(name.trim() === "" ? { name: words.nameMissing } : {}),
      ...(count < 1 || count > 3650 ? { days: words.daysWrong } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length > 0) return;
    const body: UpdateOrganization = {
      ...(name.trim() === organization.name ? {} : { name: name.trim() }),
      registration_open: open,
      registration_domains: lines(domains),
      devices_need_approval: approval,
      retention_days: count,
    };
    if (count < organization.retention_days) setAsking(body);
    else change.mutate(body);
  };
  const edit = () => {
    if (change.isSuccess || change.isError) change.reset();
  };
  const said = saidAtFields(change.error, ["name", "registration_domains", "retention_days"]);
  return (
    <Form onSubmit={submit}>
      <Section title={words.nameSection}>
        <TextInput
          label={words.name}
          name="name"
          autoComplete="organization"
          maxLength={200}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            edit();
          }}
          error={gaps.name ?? fieldMessage(change.error, "name", words.name)}
        />
        <TextInput label={words.id} description={words.idHint} readOnly value={organization.id} />
      </Section>
      <Section title={words.joining}>
        <Tick
          label={words.open}
          hint={words.openHint}
          checked={open}
          onChange={(on) => {
            setOpen(on);
            edit();
          }}
        />
        {open && (
          <>
            <Textarea
              label={words.domains}
              description={words.domainsHint}
              rows={3}
              spellCheck={false}
              autoCapitalize="none"
              value={domains}
              onChange={(event) => {
                setDomains(event.currentTarget.value);
                edit();
              }}
              error={fieldMessage(change.error, "registration_domains", words.domains)}
            />
            <TextInput
              label={words.link}
              readOnly
              value={`${window.location.origin}/join?organization=${organization.id}`}
            />
          </>
        )}
      </Section>
      <Section title={words.devices}>
        <Tick
          label={words.approval}
          hint={words.approvalHint}
          checked={approval}
          onChange={(on) => {
            setApproval(on);
            edit();
          }}
        />
      </Section>
      <Section title={words.keeping}>
        <TextInput
          label={words.days}
          description={words.daysHint}
          inputMode="numeric"
          value={days}
          onChange={(event) => {
            setDays(event.currentTarget.value);
            edit();
          }}
          error={gaps.days ?? fieldMessage(change.error, "retention_days", words.days)}
        />
      </Section>
      {change.error && !said && <ProblemNote error={change.error} />}
      <Button type="submit" loading={change.isPending}>
        {shared.save}
      </Button>
      {change.isSuccess && <Done>{shared.saved}</Done>}
      {asking && (
        <Question
          title={words.shorterQuestion(asking.retention_days ?? 0)}
          confirm={words.shorter}
          danger
          pending={change.isPending}
          error={null}
          onConfirm={() => change.mutate(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{words.shorterDetail}</p>
        </Question>
      )}
    </Form>
  );
}
