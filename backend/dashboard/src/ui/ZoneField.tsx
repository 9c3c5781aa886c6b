/** A time zone, found by typing any part of its name. */
import { type ComboboxItem, type OptionsFilter, Select } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { timeZones } from "../pages/setupForm";
import { text } from "../text/en";

const plain = (zone: string) => zone.toLowerCase().replace(/[_/-]+/g, " ");

/** Every word that was typed occurs: "new york", "york america". */
export const fittingZones: OptionsFilter = ({ options, search, limit }) => {
  const typed = plain(search).split(/\s+/).filter(Boolean);
  const fits = (zone: string) => typed.every((word) => plain(zone).includes(word));
  return (options as ComboboxItem[]).filter(({ value }) => fits(value)).slice(0, limit);
};

export function ZoneField(props: {
  label: string;
  description?: ReactNode;
  value: string;
  error?: string | null;
  onChange: (zone: string) => void;
}) {
  const { value } = props;
  // A zone that this browser does not know is one all the same.
  const zones = useMemo(() => [...new Set([...timeZones().all, value])].sort(), [value]);
  return (
    <Select
      label={props.label}
      description={props.description}
      data={zones}
      value={value}
      onChange={(zone) => {
        if (zone !== null) props.onChange(zone);
      }}
      error={props.error}
      aria-invalid={props.error ? true : undefined}
      searchable
      filter={fittingZones}
      limit={100}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false, middlewares: { flip: false, shift: true } }}
      maxDropdownHeight={280}
      nothingFoundMessage={text.setup.timeZoneNothing}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
