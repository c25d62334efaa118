/** @file What the piano sounds like, in figures: tone, loudness, pitch, pedals, clicks. All on the real recordings. */
import { describe, expect, test } from "vitest";
import {
  type Audio,
  openPiano,
  type RenderOptions,
  renderPerformance,
  samplesFor,
} from "../src/audio/index.ts";
import { readPerformance } from "../src/midi/index.ts";
import {
  createPerformance,
  type Note,
  notesOf,
  type Pedal,
  type Performance,
  pedalsOf,
} from "../src/music/index.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { centroid, cents, frequencyNear, loudness, worstClick } from "./audio/measure.ts";
import { describeWithData } from "./shared-data.ts";

const { readPackageFile, store } = nodePlatform();

type Strike = Partial<Omit<Note, "instrument">> & { readonly pitch: number };

/** Where notes of `strike` begin. */
const lead = 0.1;

function strike(notes: readonly Strike[], pedals: readonly Partial<Pedal>[] = []): Performance {
  return createPerformance({
    notes: notes.map((note) => ({ start: lead, end: 1, velocity: 80, ...note })),
    pedals: pedals.map((pedal) => ({ time: 0, controller: 64, value: 127, ...pedal })),
  });
}

async function play(performance: Performance, options: RenderOptions = { reverb: 0 }) {
  return renderPerformance(performance, await openPiano(readPackageFile, samplesFor(performance)), options);
}

function mono({ channels: [left, right] }: Audio): Float32Array {
  return left.map((sample, i) => (sample + right[i]) / 2);
}

/** Decibels from one second to another. */
async function heard(performance: Performance, from: number, to: number): Promise<number> {
  const audio = await play(performance);
  return loudness(
    mono(audio),
    from * audio.sampleRate,
    Math.min(to * audio.sampleRate, audio.channels[0].length),
  );
}

describe("velocity", () => {
  test.each([48, 60, 69, 81])("key %i is brighter and louder from 30 to 70 to 115", async (pitch) => {
    const figures = [];
    for (const velocity of [30, 70, 115]) {
      const samples = mono(await play(strike([{ pitch, velocity }])));
      const from = lead * 44_100;
      figures.push({
        centroid: centroid(samples, from, 44_100),
        loudness: loudness(samples, from, 2 * from),
      });
    }
    const [soft, middle, loud] = figures;
    expect(middle.centroid).toBeGreaterThan(1.1 * soft.centroid);
    expect(loud.centroid).toBeGreaterThan(1.1 * middle.centroid);
    // 40 log10 of the ratio is 14.7 and 8.6 dB.
    expect(middle.loudness - soft.loudness).toBeGreaterThan(12);
    expect(loud.loudness - middle.loudness).toBeGreaterThan(6);
  });

  test("from one velocity to the next there is no jump, not even between two recordings", async () => {
    let last = { loudness: Number.NEGATIVE_INFINITY, centroid: 0 };
    for (let velocity = 44; velocity <= 110; velocity += 2) {
      const samples = mono(await play(strike([{ pitch: 60, velocity, end: 0.5 }])));
      const now = {
        loudness: loudness(samples, lead * 44_100, lead * 44_100 + 15_000),
        centroid: centroid(samples, lead * 44_100, 44_100),
      };
      expect(now.loudness - last.loudness).toBeGreaterThan(0);
      if (last.centroid > 0) {
        expect(now.loudness - last.loudness).toBeLessThan(1.5);
        expect(now.centroid / last.centroid).toBeGreaterThan(0.96);
        expect(now.centroid / last.centroid).toBeLessThan(1.12);
      }
      last = now;
    }
  });
});

describe("pitch", () => {
  const measured = async (pitch: number, options?: RenderOptions) => {
    const audio = await play(strike([{ pitch, end: 3 }]), { reverb: 0, ...options });
    const ideal = 440 * 2 ** ((pitch - 69) / 12);
    return cents(
      frequencyNear(mono(audio), Math.round(0.2 * audio.sampleRate), audio.sampleRate, ideal),
      ideal,
    );
  };

  test("A4 is 440 Hz within three cents, at every rate", async () => {
    for (const sampleRate of [48_000, 44_100, 32_000, 22_050]) {
      expect(Math.abs(await measured(69, { sampleRate }))).toBeLessThan(3);
    }
  });

  test("keys between recordings are as well in tune as those that were recorded", async () => {
    // A4, C5 and D#5 were recorded; their neighbours are bent from them.
    for (const [recorded, bent] of [
      [69, 68],
      [69, 70],
      [72, 71],
      [72, 73],
      [75, 74],
    ]) {
      expect(Math.abs((await measured(bent)) - (await measured(recorded)))).toBeLessThan(1);
    }
  });

  test("keys beyond the piano's are bent from its last ones", async () => {
    expect(Math.abs((await measured(110)) - (await measured(108)))).toBeLessThan(3);
  });
});

describe("dampers and pedals", () => {
  const short = { pitch: 60, end: 0.4 };

  test("a released key is silenced, unless the pedal is down until it rises", async () => {
    const held = await heard(strike([{ pitch: 60, end: 5 }]), 1, 1.5);
    const dry = await heard(strike([short]), 1, 1.5);
    const pedalled = strike([short], [{ time: 0.2 }, { time: 2, value: 0 }]);
    expect(await heard(pedalled, 1, 1.5)).toBeCloseTo(held, 3);
    expect(dry).toBeLessThan(held - 40);
    expect(await heard(pedalled, 2.6, 2.8)).toBeLessThan(held - 40);
  });

  test("half a pedal damps slowly", async () => {
    const at = (value: number) => heard(strike([short], [{ value }, { time: 3, value: 0 }]), 0.9, 1.1);
    const levels = [await at(0), await at(56), await at(64), await at(127)];
    for (let i = 1; i < levels.length; i++) expect(levels[i]).toBeGreaterThan(levels[i - 1] + 3);
  });

  test("a pedal that catches a string in time keeps what is left of it", async () => {
    const caught = await heard(strike([short], [{ time: 0.5 }, { time: 3, value: 0 }]), 1.5, 2);
    expect(caught).toBeGreaterThan((await heard(strike([short]), 1.5, 2)) + 20);
    expect(caught).toBeLessThan((await heard(strike([short], [{}, { time: 3, value: 0 }]), 1.5, 2)) - 6);
  });

  test("strings without dampers ring on, the others do not", async () => {
    const ring = async (pitch: number) =>
      (await heard(strike([{ pitch, end: 0.2 }]), 0.6, 0.7)) -
      (await heard(strike([{ pitch, end: 2 }]), 0.6, 0.7));
    expect(Math.abs(await ring(93))).toBeLessThan(0.01);
    expect(await ring(84)).toBeLessThan(-40);
  });

  test("low strings take longer to fall silent", async () => {
    const lossOf = async (pitch: number) =>
      (await heard(strike([{ pitch, end: 0.4 }]), 0.6, 0.7)) -
      (await heard(strike([{ pitch, end: 2 }]), 0.6, 0.7));
    expect(await lossOf(28)).toBeGreaterThan((await lossOf(72)) + 15);
  });

  test("the sostenuto pedal holds the keys that are down, and no others", async () => {
    const pedals = [
      { time: 0.3, controller: 66 },
      { time: 2, controller: 66, value: 0 },
    ];
    const free = await heard(strike([{ pitch: 60, end: 5 }]), 1, 1.5);
    expect(await heard(strike([short], pedals), 1, 1.5)).toBeCloseTo(free, 3);
    expect(await heard(strike([short], pedals), 2.6, 2.8)).toBeLessThan(free - 40);
    const late = strike([{ pitch: 60, start: 0.5, end: 0.8 }], pedals);
    expect(await heard(late, 1.5, 1.8)).toBeLessThan(free - 40);
  });

  test("the soft pedal makes softer and duller", async () => {
    const [plain, soft] = [
      mono(await play(strike([{ pitch: 60 }]))),
      mono(await play(strike([{ pitch: 60 }], [{ controller: 67 }]))),
    ];
    expect(loudness(soft) - loudness(plain)).toBeLessThan(-1.5);
    expect(centroid(soft, 4410, 44_100)).toBeLessThan(centroid(plain, 4410, 44_100));
  });

  test("a pedal that is never lifted does not keep the piece from ending", async () => {
    const audio = await play(strike([short], [{ value: 127 }]), {});
    expect(audio.channels[0].length / audio.sampleRate).toBeLessThan(8);
  });
});

describe("the sound", () => {
  const all = Array.from({ length: 88 }, (_, i) => ({
    pitch: 21 + i,
    velocity: 127,
    start: 0.1 + 0.002 * i,
    end: 2,
  }));

  test("of all keys at once stays within full scale, without a hole and without a click", async () => {
    const audio = await play(strike(all), { gain: 12, reverb: 0.3 });
    expect(audio.limited).toBeGreaterThan(6);
    for (const channel of audio.channels) {
      expect(channel.every(Number.isFinite)).toBe(true);
      const peak = channel.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(peak).toBeLessThan(0.9);
      expect(peak).toBeGreaterThan(0.5);
      expect(worstClick(channel, audio.sampleRate).ratio).toBeLessThan(30);
    }
  });

  test("of one note is not limited, and twice the gain is twice the sound", async () => {
    const plain = await play(strike([{ pitch: 60, velocity: 100 }]));
    const louder = await play(strike([{ pitch: 60, velocity: 100 }]), {
      reverb: 0,
      gain: 20 * Math.log10(2),
    });
    expect([plain.limited, louder.limited]).toEqual([0, 0]);
    expect(loudness(louder.channels[0], 0, 44_100) - loudness(plain.channels[0], 0, 44_100)).toBeCloseTo(
      6.02,
      2,
    );
  });

  test("begins with the note, and ends when all has died away", async () => {
    const audio = await play(strike([{ pitch: 60, start: 0.5, end: 1 }]), {});
    const samples = mono(audio);
    expect(loudness(samples, 0, 0.49 * 44_100)).toBeLessThan(-100);
    expect(loudness(samples, 0.5 * 44_100, 0.52 * 44_100)).toBeGreaterThan(-40);
    expect(loudness(samples, samples.length - 2205)).toBeLessThan(-80);
    expect(samples.length / 44_100).toBeLessThan(3);
  });

  test("of a key that is struck again and again under the pedal, and let go, has no clicks", async () => {
    const notes = Array.from({ length: 30 }, (_, i) => ({
      pitch: 64 + (i % 2),
      velocity: 40 + ((i * 29) % 80),
      start: 0.1 + i * 0.07,
      end: 0.12 + i * 0.07,
    }));
    const audio = await play(
      strike(notes, [{}, { time: 1.2, value: 0 }, { time: 1.6 }, { time: 2.3, value: 0 }]),
    );
    for (const channel of audio.channels) {
      expect(worstClick(channel, audio.sampleRate).ratio).toBeLessThan(30);
    }
  });

  test("has more room where more is asked for, and none at 0", async () => {
    const tail = async (reverb: number) =>
      loudness(mono(await play(strike([{ pitch: 72, end: 0.3 }]), { reverb })), 30_000, 40_000);
    const [none, little, much] = [await tail(0), await tail(0.15), await tail(0.6)];
    expect(little).toBeGreaterThan(none + 6);
    expect(much - little).toBeCloseTo(12, 0);
  });

  test("is the same in two runs", async () => {
    const performance = strike(
      [{ pitch: 60 }, { pitch: 64, velocity: 33 }, { pitch: 67, velocity: 101 }],
      [{}],
    );
    const bytes = async () => {
      const [left, right] = (await play(performance, {})).channels;
      return Buffer.concat([Buffer.from(left.buffer), Buffer.from(right.buffer)]);
    };
    expect((await bytes()).equals(await bytes())).toBe(true);
  });
});

describe("what is refused", () => {
  test.each([
    ["music without notes", createPerformance({ notes: [] }), "found music without notes"],
    [
      "drums alone",
      createPerformance({
        notes: [{ start: 0, end: 1, pitch: 36, velocity: 90 }],
        instruments: [{ name: "Drums", program: 0, isDrum: true, channel: 9 }],
      }),
      "found music for drums alone",
    ],
    ["music without end", strike([{ pitch: 60, end: 10_000 }]), "found music of 167 minutes"],
  ])("%s", async (_, performance, words) => {
    await expect(renderPerformance(performance, { samples: new Map() })).rejects.toThrow(words);
  });

  test("a damaged recording, by its name", async () => {
    const performance = strike([{ pitch: 60 }]);
    const [name] = samplesFor(performance);
    for (const bytes of [new Uint8Array(10), (await readPackageFile(name)).slice(0, 3000).fill(7, 100)]) {
      const piano = { samples: new Map([[name, bytes]]) };
      await expect(renderPerformance(performance, piano)).rejects.toThrow(
        `found a damaged sample in ${name}`,
      );
    }
  });
});

describeWithData("thirty seconds of MAESTRO", "maestro-v3.0.0/2017", (folder) => {
  test("have no clicks, need no limiter, and sound as loud as a piano recording", async () => {
    const [file] = (await store.list(folder)).filter(({ path }) => path.endsWith(".midi"));
    const { performance } = readPerformance(await store.read(`${folder}/${file.path}`));
    const [from, to] = [30, 60];
    const isWithin = (time: number) => time >= from && time < to;
    const part = createPerformance({
      notes: [...notesOf(performance)]
        .filter(({ start }) => isWithin(start))
        .map((note) => ({ ...note, start: note.start - from, end: note.end - from })),
      pedals: [...pedalsOf(performance)]
        .filter(({ time }) => isWithin(time))
        .map((pedal) => ({ ...pedal, time: pedal.time - from })),
    });
    const audio = await play(part, {});
    for (const channel of audio.channels) {
      expect(worstClick(channel, audio.sampleRate).ratio).toBeLessThan(40);
      expect(loudness(channel)).toBeGreaterThan(-40);
      expect(loudness(channel)).toBeLessThan(-12);
    }
    expect(audio.limited).toBeLessThan(3);
  });
});
