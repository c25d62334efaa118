import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { notesOf, type Performance } from "../src/music/index.ts";
import { openRepresentation } from "../src/representations/index.ts";
import { describeWithData } from "./shared-data.ts";

function* performancesIn(folder: string, most = Number.POSITIVE_INFINITY): Generator<[string, Performance]> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.midi?$/i.test(path),
  );
  for (const path of paths.sort().slice(0, most))
    yield [path, readPerformance(readFileSync(join(folder, path))).performance];
}

describeWithData("pitches of Nottingham's melodies", "nottingham", (folder) => {
  it("come back in their order, and where they were but for the grid", () => {
    const pitches = openRepresentation("pitches");
    const found = { pieces: 0, notes: 0, rests: 0, exact: 0, worst: 0, last: 0 };
    for (const [path, performance] of performancesIn(join(folder, "MIDI/melody"))) {
      const tokens = pitches.encode(performance);
      const [before, after] = [performance, pitches.decode(tokens)].map((each) => [...notesOf(each)]);
      expect(
        after.map(({ pitch }) => pitch),
        path,
      ).toEqual(before.map(({ pitch }) => pitch));
      const errors = after.map(({ start }, i) => Math.abs(start - before[i].start));
      found.pieces++;
      found.notes += after.length;
      found.rests += tokens.length - after.length;
      found.exact += errors.filter((error) => error < 1e-3).length;
      found.worst = Math.max(found.worst, ...errors);
      found.last = Math.max(found.last, errors.at(-1) ?? 0);
    }
    // The worst follow 2.5 s, half-way between two classes; no piece ends more than a quarter of a second off.
    expect(found).toEqual({
      pieces: 1034,
      notes: 196_961,
      rests: 850,
      exact: 192_579,
      worst: expect.closeTo(0.5, 3),
      last: expect.closeTo(0.25, 3),
    });
  });
});

/** Half of the factor between neighbouring durations, of which there are 64 from 10 ms to 20 s. */
const halfBin = (2000 ** (1 / 63) - 1) / 2;

const corpora = [
  // Where the sustain pedal is held on and on, notes are cut at 20 s.
  {
    folder: "pop909",
    most: 100,
    expected: { pieces: 100, notes: 165_592, drums: 0, programs: 1, rests: 973, cut: 3220 },
  },
  // 13 notes are dropped by the pedal: struck twice at one time.
  {
    folder: "musicnet_midis",
    most: 330,
    expected: { pieces: 330, notes: 1_107_999, drums: 24, programs: 12, rests: 6997, cut: 45 },
  },
  {
    folder: "groove",
    most: 1150,
    expected: { pieces: 1150, notes: 446_312, drums: 446_312, programs: 0, rests: 323, cut: 1 },
  },
];

for (const { folder: name, most, expected } of corpora) {
  describeWithData(`multitrack of ${name}`, name, (folder) => {
    it("every note of every program and drum comes back: onsets within 5 ms, ends within the grid", () => {
      const multitrack = openRepresentation("multitrack");
      const found = { pieces: 0, notes: 0, drums: 0, programs: 0, rests: 0, cut: 0 };
      const programs = new Set<number>();
      const faults: string[] = [];
      for (const [path, performance] of performancesIn(folder, most)) {
        const tokens = multitrack.encode(performance);
        const decoded = multitrack.decode(tokens);
        const [before, after] = [multitrack.normalise(performance), decoded].map(byVoice);
        expect([...after.keys()], path).toEqual([...before.keys()]);
        for (const [voice, notes] of before) {
          const back = after.get(voice) ?? [];
          if (back.length !== notes.length)
            faults.push(`${path}: ${notes.length} notes, ${back.length} back`);
          notes.forEach(({ start, end, velocity }, k) => {
            const own = back[k];
            const length = own.end - own.start;
            const fault = (what: string) => faults.push(`${path}, ${voice} at ${start}: ${what}`);
            if (!(Math.abs(own.start - start) <= 0.005 + 1e-9)) fault(`now at ${own.start}`);
            if (!(Math.abs(own.velocity - velocity) <= 2)) fault(`${velocity} now ${own.velocity}`);
            // Notes shorter than the shortest duration and longer than the longest take these.
            const shortest = Math.max(end, own.start + 0.01);
            const wanted = Math.min(shortest, own.start + 20);
            if (wanted < end - 0.5) found.cut++;
            if (!(Math.abs(own.end - wanted) <= halfBin * length + 1e-9)) fault(`${end} now ${own.end}`);
          });
          found.notes += notes.length;
          if (voice.startsWith("drums")) found.drums += notes.length;
        }
        for (const { program, isDrum } of decoded.instruments) if (!isDrum) programs.add(program);
        expect(multitrack.encode(decoded), path).toEqual(tokens);
        found.pieces++;
        found.rests += tokens.length / 5 - decoded.notes.count;
      }
      expect(faults.slice(0, 10)).toEqual([]);
      expect({ ...found, programs: programs.size }).toEqual(expected);
    }, 120_000);
  });
}

/** Notes of each program and pitch, in order. */
function byVoice(performance: Performance) {
  const voices = new Map<string, { start: number; end: number; velocity: number }[]>();
  for (const { instrument, pitch, ...note } of notesOf(performance)) {
    const { isDrum, program } = performance.instruments[instrument];
    const voice = `${isDrum ? "drums" : program} ${pitch}`;
    const notes = voices.get(voice);
    if (notes) notes.push(note);
    else voices.set(voice, [note]);
  }
  return new Map([...voices].sort(([a], [b]) => (a < b ? -1 : 1)));
}
