/** @file The report of a comparison: one HTML file that needs nothing else, the same bytes for the same music and seed. */
import { createPerformance } from "../../../music/index.ts";
import type { Platform } from "../../../platform/platform.ts";
import { UsageError } from "../../../util/errors.ts";
import { pianoFor } from "../../render/index.ts";
import { listen } from "./listen.ts";
import { metricCards } from "./metric-cards.ts";
import { overview } from "./overview.ts";
import { page } from "./page.ts";
import type { ReportSource } from "./source.ts";

const oneNote = createPerformance({ notes: [{ start: 0, end: 1, pitch: 60, velocity: 64 }] });

/**
 * Asked before anything is measured.
 *
 * @throws UsageError for a name that is not a page's; StorageError where the sampled piano is not installed
 */
export async function checkReport(platform: Platform, path: string): Promise<void> {
  if (!path.toLowerCase().endsWith(".html")) {
    throw new UsageError(
      `found --report ${path}, expected a name that ends in .html: give it one, such as --report report.html`,
    );
  }
  await pianoFor(platform, oneNote);
}

export async function writeReport(platform: Platform, path: string, source: ReportSource): Promise<void> {
  const { version, commit } = platform.release;
  const rubato = commit === undefined ? version : `${version}, commit ${commit.slice(0, 12)}`;
  const { comparison } = source;
  const sections = [overview(comparison), metricCards(source), await listen(platform, source)];
  await platform.store.write(path, new TextEncoder().encode(page(comparison, rubato, sections)));
}
