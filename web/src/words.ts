// The words of the page in the reader's language.

import { en } from "./words.en";
import { language } from "./preferences";

export type Words = typeof en;

export let t: Words = en;

/** Load the words; before anything is shown. */
export async function loadWords(): Promise<void> {
  if (language() === "ru") t = (await import("./words.ru")).ru;
  document.documentElement.lang = language();
}
