/** @file `--composer`: the files of composers whose name contains a word. */
import { UsageError } from "../../util/errors.ts";
import { nearest } from "../../util/suggest.ts";
import type { SelectedFile } from "./select.ts";

/**
 * The files of composers whose name contains one of the words, whatever the case and the accents.
 *
 * @throws UsageError for a word that no composer's name contains; it lists the five nearest.
 */
export function filterComposers(
  files: readonly SelectedFile[],
  words: readonly string[],
): readonly SelectedFile[] {
  if (words.length === 0) return files;
  const composers = [...new Set(files.map((file) => file.composer))].filter((composer) => composer !== "");
  for (const word of words) {
    if (composers.some((composer) => matches(composer, word))) continue;
    const near = nearest(word, composers, 5);
    throw new UsageError(
      near.length === 0
        ? `found no composers in this source, expected "${word}": leave --composer out`
        : `found no composer like "${word}"; the nearest are ${near.join(", ")} (\`--list\` shows all)`,
    );
  }
  return files.filter((file) => words.some((word) => matches(file.composer, word)));
}

const matches = (composer: string, word: string) => fold(composer).includes(fold(word));

/** Lower case without accents: "Frédéric" is found by "frederic". */
const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
