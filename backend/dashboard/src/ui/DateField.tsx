/** A calendar day, chosen with the browser's own field. */
import { TextInput } from "@mantine/core";

export function DateField(props: {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (date: string) => void;
}) {
  return (
    <TextInput
      type="date"
      label={props.label}
      value={props.value}
      min={props.min ?? ""}
      max={props.max ?? ""}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
