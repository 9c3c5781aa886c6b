/** The organization's name, and who may join it by itself. */
import { Textarea, TextInput } from "@mantine/core";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { settings } from "../../../text/settings";
import { Tick } from "../../../ui/Form";
import { lines } from "../policyForm";
import { SectionForm } from "./SectionForm";
import { useSection } from "./useSection";

const words = settings.organization;

interface Props {
  organization: Organization;
  onChanged: () => void;
}

export function Name(props: Props) {
  const { organization } = props;
  const section = useSection({ name: organization.name }, props.onChanged);
  const { values, saving } = section;
  const submit = () => {
    const name = values.name.trim();
    if (name === "") section.setGaps({ name: words.nameMissing });
    else section.save({ name });
  };
  return (
    <SectionForm title={words.nameSection} section={section} fields={["name"]} onSubmit={submit}>
      <TextInput
        label={words.name}
        name="name"
        autoComplete="organization"
        maxLength={200}
        value={values.name}
        onChange={(event) => section.edit({ name: event.currentTarget.value })}
        error={section.gaps.name ?? fieldMessage(saving.error, "name", words.name)}
      />
      <TextInput label={words.id} description={words.idHint} readOnly value={organization.id} />
    </SectionForm>
  );
}

export function Joining(props: Props) {
  const { organization } = props;
  const section = useSection(
    {
      open: organization.registration_open,
      domains: organization.registration_domains.join("\n"),
    },
    props.onChanged,
  );
  const { values, saving } = section;
  return (
    <SectionForm
      title={words.joining}
      section={section}
      fields={["registration_domains"]}
      onSubmit={() =>
        section.save({
          registration_open: values.open,
          // Closed, the domains stand nowhere on the page: they stay as they are.
          ...(values.open ? { registration_domains: lines(values.domains) } : {}),
        })
      }
    >
      <Tick
        label={words.open}
        hint={words.openHint}
        checked={values.open}
        onChange={(open) => section.edit({ open })}
      />
      {values.open && (
        <>
          <Textarea
            label={words.domains}
            description={words.domainsHint}
            rows={3}
            spellCheck={false}
            autoCapitalize="none"
            value={values.domains}
            onChange={(event) => section.edit({ domains: event.currentTarget.value })}
            error={fieldMessage(saving.error, "registration_domains", words.domains)}
          />
          <TextInput
            label={words.link}
            readOnly
            value={`${window.location.origin}/join?organization=${organization.id}`}
          />
        </>
      )}
    </SectionForm>
  );
}
