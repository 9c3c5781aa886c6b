/**
 * Which language the dashboard speaks, and how a text comes in both. English is written first, in
 * the modules beside this one; `de/` holds the same shapes in German. A text without its German
 * does not compile.
 *
 * The language is decided once, before anything is drawn: texts are plain constants, and another
 * choice loads the page again.
 */

export type Language = "en" | "de";

/** The languages, each in its own name. */
export const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
];

const KEY = "workpulse-language";

function known(tag: string | null | undefined): Language | null {
  const short = tag?.toLowerCase().split("-")[0];
  return LANGUAGES.find(({ value }) => value === short)?.value ?? null;
}

/** What was chosen here, or else the first language of the browser that we speak, or English. */
export function decide(chosen: string | null, wanted: readonly string[]): Language {
  const first = wanted.map(known).find((language) => language !== null);
  return known(chosen) ?? first ?? "en";
}

/** The browser's own variety of a language (`de-AT`), so that dates and numbers are as it has them. */
export function localeOf(spoken: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => known(tag) === spoken) ?? spoken;
}

function stored(): string | null {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the browser's language it is.
    return null;
  }
}

export const language: Language = decide(stored(), navigator.languages);

/** For `Intl`: dates, numbers, plurals and sorting. */
export const locale: string = localeOf(language, navigator.languages);

/** Keeps the choice, and loads the page again in it. */
export function speak(chosen: Language): void {
  try {
    window.localStorage.setItem(KEY, chosen);
  } catch {
    // It cannot be kept, so a new load would come back in the language of now.
    return;
  }
  window.location.reload();
}

/** The shape of a catalogue in any language: the same names, and functions of the same values. */
export type Words<Catalogue> = Catalogue extends string
  ? string
  : Catalogue extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Catalogue]: Words<Catalogue[Name]> };

/** The one of two catalogues that is spoken here. */
export function inLanguage<Catalogue>(
  english: Catalogue,
  german: Words<Catalogue>,
): Words<Catalogue> {
  return language === "de" ? german : (english as Words<Catalogue>);
}

/** Words for known values, in which a value that a newer server adds can still be looked up. */
export type Known<Value extends string> = { readonly [One in Value]: string } & {
  readonly [other: string]: string;
};

export function wordsOf<Value extends string>(words: { readonly [One in Value]: string }) {
  return words as Known<Value>;
}

const plurals = new Intl.PluralRules(language);

/** The form that a count asks for; `one` and `other` are all that both languages have. */
export function plural(count: number, one: string, other: string): string {
  return plurals.select(count) === "one" ? one : other;
}

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** A number as it is written here, with at most one decimal. */
export function number(value: number): string {
  return numbers.format(value);
}
