/**
 * The component library, told to inject nothing: variables come from a linked style sheet, because
 * the content security policy allows no style elements.
 */
import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { theme } from "./theme";

export function Frame(props: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {props.children}
    </MantineProvider>
  );
}
