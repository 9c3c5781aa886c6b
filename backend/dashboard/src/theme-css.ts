/**
 * The theme as text, for the build. Runs in Node only; nothing in the page imports it.
 */
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { theme } from "./theme.ts";

export function themeCss(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const variables = convertCssVariables(defaultCssVariablesResolver(merged), ":root");
  // Later than the library's own defaults, which live in a layer.
  return `${variables}
:root[data-mantine-color-scheme="light"] { --mantine-color-scheme: light; }
:root[data-mantine-color-scheme="dark"] { --mantine-color-scheme: dark; }
`;
}
