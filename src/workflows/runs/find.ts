/** @file Which of the paths that were named are runs, and which are folders of runs. */
import type { Store } from "../../platform/platform.ts";
import { metricsFile, TrackingError } from "../../tracking/index.ts";

export interface FoundRun {
  readonly path: string;
  readonly name: string;
}

export interface Found {
  readonly runs: readonly FoundRun[];
  /** Whether one run was named, and not a folder that holds it. */
  readonly isOne: boolean;
}

/** A run has at least one of these. */
const marks = ["config.yaml", metricsFile];

/** @throws TrackingError for a path that neither is a run nor holds any. */
export async function findRuns(store: Store, folders: readonly string[]): Promise<Found> {
  const runs: FoundRun[] = [];
  let named = 0;
  for (const folder of folders) {
    const path = folder.replace(/(?<=.)\/+$/, "");
    if (await isRun(store, path)) {
      named++;
      runs.push({ path, name: nameOf(path) });
    } else runs.push(...(await runsIn(store, path)));
  }
  return { runs, isOne: named === 1 && folders.length === 1 };
}

async function isRun(store: Store, path: string): Promise<boolean> {
  for (const mark of marks) {
    if ((await store.stat(`${path}/${mark}`))?.kind === "file") return true;
  }
  return false;
}

async function runsIn(store: Store, folder: string): Promise<readonly FoundRun[]> {
  const stat = await store.stat(folder);
  const names = new Set<string>();
  for (const { path } of stat?.kind === "folder" ? await store.list(folder) : []) {
    const [name, file] = split(path);
    if (name !== "" && marks.includes(file)) names.add(name);
  }
  if (names.size > 0) return [...names].map((name) => ({ path: `${folder}/${name}`, name }));
  const what = stat === undefined ? "nothing" : stat.kind === "file" ? "a file" : "no run";
  throw new TrackingError(
    `found ${what} at ${folder}, expected a run or a folder of runs: \`rubato train\` makes one under runs/`,
    folder,
  );
}

function split(path: string): readonly [folder: string, file: string] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
}

function nameOf(path: string): string {
  const [, name] = split(path);
  return name === "." || name === ".." ? path : name;
}
