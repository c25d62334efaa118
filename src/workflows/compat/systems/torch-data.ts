/** @file performance_rnn_torch: from MAESTRO or a folder of MIDI to processed music. */
import { z } from "zod";
import { parseTable, type TableRow } from "../../../corpus/table.ts";
import { UsageError } from "../../../util/errors.ts";
import { nearest } from "../../../util/suggest.ts";
import { formatOf } from "../../files/index.ts";
import { integer, text, toggle } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, plainPath, pointer, type Surroundings } from "../program.ts";
import { corpusIn, foldersOf, originIn } from "./torch-paths.ts";

/** The README's `train_test_ratio` of 0.3 is the share of the test. */
export const usualTestShare = 0.3;

export const prepareData = defineProgram({
  names: ["scripts/prepare_data.py", "prepare_data.py"],
  summary: "copy one composer's pieces out of MAESTRO",
  manner: "argparse",
  flags: z.object({
    composer: text(
      ["-c", "--composer"],
      "none",
      "whose pieces are copied; case and parts of names do not matter",
    ),
    list: toggle(["-l", "--list"], "list the composers with their pieces"),
    output: text(["-o", "--output"], "data/midi/<composer>", "folder of the copies"),
    maestroDir: text(["-m", "--maestro-dir"], "data/maestro-v3.0.0", "where MAESTRO lies"),
  }),
  async plan({ values: { composer, list, output, maestroDir }, around }) {
    const maestro = await findMaestro(around, maestroDir);
    if (list === true) return { native: [native("prepare", { source: maestro.folder, list: true })] };
    if (composer === undefined) {
      throw new UsageError('found neither --list nor --composer, expected one: --composer "Claude Debussy"');
    }
    const rows = await readRows(around, maestro);
    const copies = filesOf(rows, composer).map(({ file, composer: name }) => {
      const folder =
        output === undefined ? `${foldersOf(around).midi}/${folderNameOf(name)}` : plainPath(output, around);
      return { from: `${maestro.folder}/${file}`, to: `${folder}/${file.slice(file.lastIndexOf("/") + 1)}` };
    });
    return {
      native: [],
      copies,
      remarks: [
        `without copies, this and preprocess.py are one command: rubato prepare ${maestro.folder} --composer ${JSON.stringify(composer)}`,
      ],
    };
  },
});

interface Maestro {
  readonly folder: string;
  readonly table: string;
}

async function findMaestro(around: Surroundings, given: string | undefined): Promise<Maestro> {
  const places =
    given === undefined ? [foldersOf(around).maestro, "maestro-v3.0.0"] : [plainPath(given, around)];
  for (const folder of places) {
    const table = `${folder}/maestro-v3.0.0.csv`;
    if ((await around.store.stat(table)) !== undefined) return { folder, table };
  }
  throw new UsageError(
    `found no maestro-v3.0.0.csv in ${places.join(" or ")}, expected MAESTRO v3.0.0: unpack it there, or say where it lies with --maestro-dir`,
  );
}

type Row = TableRow & { readonly file: string };

async function readRows({ store }: Surroundings, { table }: Maestro): Promise<readonly Row[]> {
  const parsed = parseTable(table, new TextDecoder().decode(await store.read(table)));
  return (parsed?.rows ?? []).flatMap((row) => (row.file === undefined ? [] : [{ ...row, file: row.file }]));
}

/** The composer of exactly this name, else all whose names contain the word. */
function filesOf(rows: readonly Row[], word: string): readonly Row[] {
  const fold = (name: string) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const exact = rows.filter(({ composer }) => fold(composer) === fold(word));
  const found = exact.length > 0 ? exact : rows.filter(({ composer }) => fold(composer).includes(fold(word)));
  if (found.length > 0) return found;
  const names = [...new Set(rows.map(({ composer }) => composer))];
  throw new UsageError(
    `found no composer like "${word}"; the nearest are ${nearest(word, names, 5).join(", ")} (--list shows all)`,
  );
}

const folderNameOf = (composer: string) =>
  composer.toLowerCase().replaceAll(" ", "_").replaceAll(".", "").replaceAll("/", "-");

export const preprocess = defineProgram({
  names: ["scripts/preprocess.py", "preprocess.py", "performance-rnn-preprocess"],
  summary: "turn MIDI files into what is trained on",
  manner: "argparse",
  flags: z.object({
    midiRoot: text(["-m", "--midi_root"], "data/midi", "folder of MIDI files, with folders in it"),
    saveDir: text(["-s", "--save_dir"], "data/processed", "folder of what is made of them"),
    workers: integer(["-w", "--num_workers"], "1", "threads; -1 for all cores"),
  }),
  // The README before the rewrite has them without flags.
  positional: ["midi_root", "save_dir", "num_workers"],
  async plan({ values, positional, typed, around }) {
    const folders = foldersOf(around);
    const midi = plainPath(values.midiRoot ?? positional[0] ?? folders.midi, around);
    const processed = plainPath(values.saveDir ?? positional[1] ?? folders.processed, around);
    const workers = values.workers ?? Number(positional[2] ?? 1);
    if (!Number.isInteger(workers) || workers === 0 || workers < -1) {
      throw new UsageError(
        `found --num_workers ${positional[2] ?? workers}, expected a number from 1 on, or -1 for all cores`,
      );
    }
    const corpus = corpusIn(processed);
    return {
      native: [prepareStep(midi, corpus, 1 - usualTestShare, workers === -1 ? undefined : workers)],
      pointers: [
        pointer(originIn(processed), midi, "music", typed),
        ...(await dataFiles(around, midi, processed)).map(({ path, music }) =>
          pointer(path, music, "music", typed),
        ),
      ],
    };
  },
});

export const prepareStep = (midi: string, corpus: string, split: number, workers?: number) =>
  native("prepare", {
    source: midi,
    out: corpus,
    representation: "performance",
    split: Number(split.toFixed(6)),
    workers,
  });

/** `data/processed/<folder>/<stem>-<hash>.data` for each MIDI file: which music it was. */
async function dataFiles({ store }: Surroundings, midi: string, processed: string) {
  if ((await store.stat(midi))?.kind !== "folder") return [];
  const files = (await store.list(midi)).filter(({ path }) => formatOf(path)?.name === "midi");
  return files.map(({ path }) => {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? midi.slice(midi.lastIndexOf("/") + 1) : path.slice(0, slash);
    const stem = path.slice(slash + 1).replace(/\.[^.]*$/, "");
    const music = `${midi}/${path}`;
    return { path: `${processed}/${folder}/${stem}-${hashOf(music)}.data`, music };
  });
}

/** FNV-1a, 64 bits in two halves: tells pieces of one name apart, and nothing else. */
function hashOf(text: string): string {
  const half = (offset: number) => {
    let hash = offset;
    for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, "0");
  };
  return half(0x811c9dc5) + half(0x050c5d1f);
}
