/** What the set-up form asks for, checked before it is sent. Pure. */
import type { SetupRequest } from "../api/types";
import { text } from "../text/en";

export interface SetupDraft {
  organization_name: string;
  time_zone: string;
  name: string;
  email: string;
  password: string;
  setup_code: string;
}

const words = text.setup;

/** Either a request, or what is missing, by field in the form's order. */
export function checkSetup(
  draft: SetupDraft,
  codeRequired: boolean,
): { body: SetupRequest | null; gaps: Partial<Record<keyof SetupDraft, string>> } {
  const gaps: Partial<Record<keyof SetupDraft, string>> = {};
  const organization = draft.organization_name.trim();
  const name = draft.name.trim();
  const email = draft.email.trim();
  const code = draft.setup_code.trim();
  const length = Array.from(draft.password).length;
  if (organization === "") gaps.organization_name = words.organizationMissing;
  if (draft.time_zone === "") gaps.time_zone = words.timeZoneMissing;
  if (name === "") gaps.name = words.nameMissing;
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) gaps.email = words.emailMissing;
  if (length < 12) gaps.password = words.passwordShort(12 - length);
  else if (length > 128) gaps.password = words.passwordLong;
  if (codeRequired && code === "") gaps.setup_code = words.codeMissing;
  if (Object.keys(gaps).length > 0) return { body: null, gaps };
  return {
    body: {
      organization_name: organization,
      time_zone: draft.time_zone,
      name,
      email,
      password: draft.password,
      ...(codeRequired ? { setup_code: code } : {}),
    },
    gaps,
  };
}

/** The zones that this browser knows, and the one that it is in. */
export function timeZones(): { all: string[]; own: string } {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const all = new Set(Intl.supportedValuesOf("timeZone"));
  // Browsers leave out some names that are in use, and UTC itself.
  all.add("UTC").add(own);
  return { all: [...all].sort(), own };
}
