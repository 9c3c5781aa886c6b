/** The words that are spoken here, in the language of the desktop or the one that was chosen. */
import { inLanguage } from "@dashboard/text/language";
import { german } from "./de";
import { english } from "./en";

export const words = inLanguage(english, german);
