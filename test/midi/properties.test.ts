/** @file What must hold for all MidiFiles, all performances, and all bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Chunk,
  type Division,
  MidiError,
  type MidiEvent,
  type MidiFile,
  metaType,
  midiFromPerformance,
  midiFromScore,
  performanceFromMidi,
  readMidi,
  trackFromEvents,
  writeMidi,
} from "../../src/midi/index.ts";
import { createPerformance, type Instrument, type Performance } from "../../src/music/performance.ts";
import { notatePerformance } from "../../src/music/score.ts";
import { createTempoMap } from "../../src/music/tempo.ts";
import { chunk, smf, track } from "./bytes.ts";
import { differenceOf } from "./difference.ts";
import { undergo } from "./ordeal.ts";

const byte = fc.integer({ min: 0, max: 127 });
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom(127, 128, 300).map((length) => new Uint8Array(length).fill(7)),
);
const delta = fc.oneof(
  fc.constantFrom(0, 0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 0x0fffffff),
  fc.integer({ min: 0, max: 2_000 }),
);

/** One data byte or two, as the status has it; no End of Track, which stands last. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 0x80, max: 0xef }), byte, byte) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0xf0, 0xf7), payload) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant(0xff),
      byte.filter((type) => type !== metaType.endOfTrack),
      payload,
    ),
  },
);

const tracks: fc.Arbitrary<Chunk> = fc
  .tuple(fc.array(fc.tuple(delta, event), { maxLength: 30 }), delta, fc.boolean())
  .map(([moves, silence, runs]) => {
    let tick = 0;
    const events = moves.map(([wait, [status, first, second]]): MidiEvent => {
      tick += wait;
      if (status === 0xff)
        return { type: "meta", tick, meta: first as number, payload: second as Uint8Array };
      if (status >= 0xf0)
        return { type: "sysex", tick, status: status as 0xf0, payload: first as Uint8Array };
      const data2 = (status & 0xe0) === 0xc0 ? 0 : (second as number);
      return { type: "channel", tick, status, data1: first as number, data2 };
    });
    const end: MidiEvent = {
      type: "meta",
      tick: tick + silence,
      meta: metaType.endOfTrack,
      payload: new Uint8Array(0),
    };
    const made = trackFromEvents([...events, end]);
    // Running status wherever it may stand, or nowhere.
    const implicit = Uint8Array.from({ length: made.count }, (_, i) =>
      Number(runs && made.status[i] < 0xf0 && i > 0 && made.status[i] === made.status[i - 1]),
    );
    return { type: "track", track: { ...made, implicit } };
  });

const aliens: fc.Arbitrary<Chunk> = fc.record({
  type: fc.constant("alien"),
  id: fc.constantFrom("XFIH", "Junk", "    ", "~~~~", "MThd"),
  bytes: payload,
});

const divisions: fc.Arbitrary<Division> = fc.oneof(
  fc
    .integer({ min: 1, max: 32_767 })
    .map((ticksPerQuarter): Division => ({ type: "quarters", ticksPerQuarter })),
  fc
    .tuple(fc.constantFrom(24, 25, 30_000 / 1001, 30), fc.integer({ min: 1, max: 255 }))
    .map(([framesPerSecond, ticksPerFrame]): Division => ({ type: "smpte", framesPerSecond, ticksPerFrame })),
);

const files: fc.Arbitrary<MidiFile> = fc.record({
  format: fc.constantFrom(0, 1, 2),
  division: divisions,
  chunks: fc.array(fc.oneof({ weight: 5, arbitrary: tracks }, { weight: 1, arbitrary: aliens }), {
    maxLength: 6,
  }),
});

describe("any MidiFile", () => {
  test("is read as it was written, event by event, running status included", () => {
    fc.assert(
      fc.property(files, (file) => {
        const bytes = writeMidi(file);
        const { file: again, warnings } = readMidi(bytes);
        expect(differenceOf(file, again)).toBeUndefined();
        const kinds = new Set(warnings.map(({ kind }) => kind));
        // Several tracks in format 0, none, and chunks of other kinds are odd; nothing else is.
        for (const kind of ["alien-chunk", "bad-header", "track-count"] as const) kinds.delete(kind);
        expect([...kinds]).toEqual([]);
        expect(Buffer.compare(writeMidi(again), bytes)).toBe(0);
        const implicit = (midi: MidiFile) =>
          midi.chunks.map((each) => each.type === "track" && Array.from(each.track.implicit));
        expect(implicit(again)).toEqual(implicit(file));
      }),
      { numRuns: 400 },
    );
  });

  test("undergoes everything else", () => {
    fc.assert(
      fc.property(files, (file) => {
        expect(undergo(writeMidi(file)).outcome).not.toBe("refused");
      }),
      { numRuns: 200 },
    );
  });
});

describe("any bytes", () => {
  const anything = fc.uint8Array({ maxLength: 400, size: "max" });
  const midiLike = fc.oneof(
    fc.constantFrom([0x00, 0x90, 60, 64], [0x60, 0x80, 60, 0], [0x00, 0xff, 0x2f, 0x00], [0x00, 0xf0, 3]),
    fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 }),
  );

  test("are refused with a MidiError, or everything works", () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        undergo(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test("in the body of a track are never refused", () => {
    fc.assert(
      fc.property(
        fc.array(midiLike, { maxLength: 60, size: "max" }),
        fc.integer({ min: 0, max: 400 }),
        (parts, length) => {
          const body = parts.flat();
          expect(
            undergo(smf([track(...body), chunk("MTrk", body, length), track(...body)])).outcome,
          ).not.toBe("refused");
        },
      ),
      { numRuns: 500 },
    );
  });

  test("after a header are never refused", () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        expect(undergo(Uint8Array.from([...smf([]), ...bytes])).outcome).not.toBe("refused");
      }),
    );
  });

  test("before the end of a header are always refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), (bytes) => {
        expect(() => readMidi(Uint8Array.from([0x4d, 0x54, 0x68, 0x64, ...bytes]))).toThrow(MidiError);
      }),
    );
  });
});

/** Half a tick of 1/960 s, and a little for the rounding of sums. */
const halfTick = 1 / 1920 + 1e-9;

const instruments: fc.Arbitrary<readonly Instrument[]> = fc
  .uniqueArray(fc.constantFrom(0, 1, 8, 9, 15, 16, 25, 4_080, 4_095), { minLength: 1, maxLength: 5 })
  .chain((lanes) =>
    fc.tuple(
      ...lanes.map((channel) =>
        fc.record({
          name: fc.constantFrom("", "Piano", "Flöte", "鋼琴"),
          program: byte,
          isDrum: fc.constant(channel % 16 === 9),
          channel: fc.constant(channel),
        }),
      ),
    ),
  );

/** On each instrument and pitch, notes begin and end in the same order: only such overlaps does MIDI know. */
const playable: fc.Arbitrary<Performance> = instruments.chain((players) =>
  fc
    .record({
      notes: fc.array(
        fc.record({
          instrument: fc.integer({ min: 0, max: players.length - 1 }),
          pitch: fc.constantFrom(0, 59, 60, 61, 127),
          wait: fc.double({ min: 0.002, max: 3, noNaN: true }),
          length: fc.oneof(fc.constantFrom(0, 0.0001, 0.001), fc.double({ min: 0, max: 2, noNaN: true })),
          velocity: fc.integer({ min: 1, max: 127 }),
        }),
        { maxLength: 40, size: "max" },
      ),
      pedals: fc.array(
        fc.record({
          time: fc.double({ min: 0, max: 60, noNaN: true }),
          controller: fc.constantFrom(64, 66, 67),
          value: byte,
          channel: fc.constantFrom(...players.map(({ channel }) => channel), 3, 40),
        }),
        { maxLength: 30, size: "max" },
      ),
      silence: fc.double({ min: 0, max: 100, noNaN: true }),
    })
    .map(({ notes, pedals, silence }) => {
      const last = new Map<string, { start: number; end: number }>();
      const placed = notes.map(({ wait, length, ...note }) => {
        const key = `${note.instrument}/${note.pitch}`;
        const before = last.get(key) ?? { start: 0, end: 0 };
        const start = before.start + wait;
        // A quarter of the ends overlap what follows; none overtakes what came before.
        const end = Math.max(start + length, before.end + 0.002);
        last.set(key, { start, end });
        return { ...note, start, end };
      });
      return createPerformance({ notes: placed, pedals, instruments: players, duration: silence });
    }),
);

/** Notes in an order that rounding does not disturb. */
function noteLines({ notes, instruments: players }: Performance) {
  const lines = Array.from({ length: notes.count }, (_, i) => ({
    key: [JSON.stringify(players[notes.instrument[i]]), notes.pitch[i]].join(),
    start: notes.start[i],
    end: notes.end[i],
    velocity: notes.velocity[i],
  }));
  return lines.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.start - b.start));
}

function pedalLines({ pedals }: Performance) {
  const lines = Array.from({ length: pedals.count }, (_, i) => ({
    lane: pedals.channel[i],
    time: pedals.time[i],
    move: `${pedals.controller[i]}=${pedals.value[i]}`,
  }));
  return lines.sort((a, b) => a.lane - b.lane);
}

function expectSameMusic(read: Performance, given: Performance): void {
  const [notes, expected] = [noteLines(read), noteLines(given)];
  expect(notes.map(({ key, velocity }) => [key, velocity])).toEqual(
    expected.map(({ key, velocity }) => [key, velocity]),
  );
  for (const [i, { start, end }] of expected.entries()) {
    expect(Math.abs(notes[i].start - start)).toBeLessThanOrEqual(halfTick);
    expect(Math.abs(notes[i].end - end)).toBeLessThanOrEqual(halfTick);
  }
  const [pedals, moves] = [pedalLines(read), pedalLines(given)];
  expect(pedals.map(({ lane, move }) => [lane, move])).toEqual(moves.map(({ lane, move }) => [lane, move]));
  for (const [i, { time }] of moves.entries())
    expect(Math.abs(pedals[i].time - time)).toBeLessThanOrEqual(halfTick);
  expect(Math.abs(read.duration - given.duration)).toBeLessThanOrEqual(halfTick);
}

describe("any performance", () => {
  test("written and read has the same notes, pedals, programs, drums and lanes, to half a tick", () => {
    fc.assert(
      fc.property(playable, (performance) => {
        const file = readMidi(writeMidi(midiFromPerformance(performance))).file;
        const { performance: read, warnings } = performanceFromMidi(file);
        expect(warnings.filter(({ kind }) => kind !== "overlapping-note")).toEqual([]);
        expectSameMusic(read, performance);
      }),
      { numRuns: 400 },
    );
  });

  test("written as a score and read in seconds is the same music", () => {
    const tempo = createTempoMap([
      { quarter: 0, secondsPerQuarter: 0.5 },
      { quarter: 3, secondsPerQuarter: 0.4 },
      { quarter: 10, secondsPerQuarter: 0.25 },
    ]);
    fc.assert(
      fc.property(playable, (performance) => {
        const file = readMidi(writeMidi(midiFromScore(notatePerformance(performance, tempo)))).file;
        expectSameMusic(performanceFromMidi(file).performance, performance);
      }),
    );
  });
});
