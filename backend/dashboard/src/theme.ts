/**
 * What the component library is told about how WorkPulse looks. Meaningful colors (active, idle,
 * not observed, attention, offline) are not here: they are tokens in `tokens.css`.
 */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#e9faf7",
  "#cdf1ea",
  "#9fe3d8",
  "#68d0c2",
  "#38b7a8",
  "#189c8e",
  "#0d857a",
  "#0b7168",
  "#0b5b54",
  "#0a4843",
];

/** The dark scheme's greys, from text to ground, with the tint of the dark canvas. */
const dark: MantineColorsTuple = [
  "#e6eaec",
  "#c3ccd0",
  "#a2adb3",
  "#6d7a82",
  "#3a444a",
  "#2a3238",
  "#1f262b",
  "#181d21",
  "#13181b",
  "#111518",
];

export const theme = createTheme({
  primaryColor: "teal",
  colors: { teal, dark },
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', Menlo, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "620" },
  fontSizes: { xs: "12px", sm: "14px", md: "16px", lg: "20px", xl: "28px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "40px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
});
