/** @file Models that are told of the music to come: what reaches them while a piece is made, and what is refused. */
import { beforeAll, describe, expect, it } from "vitest";
import { openConditioning } from "../src/controls/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { usualStrength } from "../src/workflows/generate/control-options.ts";
import { openStage, type Playable, type PlayRequest, stepOf } from "../src/workflows/generate/stage.ts";
import { randomMusic } from "./fixtures/memory-corpus.ts";
import { countingRuntime, hearAll, tinyPlayable } from "./fixtures/playing.ts";

const both = ["note-density", "pitch-class-histogram"];
const { runtime } = countingRuntime();

/** What a model was told at each step, beside what came of it; it hears all once unless asked otherwise. */
async function listen(playable: Playable, { controlStrength = 1, ...request }: PlayRequest) {
  const told: number[][] = [];
  const listening: Runtime = {
    ...runtime,
    async open(...args) {
      const session = await runtime.open(...args);
      return {
        ...session,
        run(feeds) {
          const { controls: floats } = feeds;
          if (floats) told.push(Array.from(floats.data, Number));
          return session.run(feeds);
        },
      };
    },
  };
  const stage = await openStage(listening, playable, stepOf(playable, "float32"), {});
  try {
    return { ...(await hearAll(stage.play({ ...request, controlStrength }))), told };
  } finally {
    await stage.dispose();
  }
}

const densityOf = (row: readonly number[], from = 1) => row.slice(from, from + 8).indexOf(1);

describe("a model with a flag for each control", () => {
  let playable: Playable;
  beforeAll(async () => {
    playable = await tinyPlayable({ controls: both, noise: 2 });
  });

  it("is told nothing where nothing is asked", async () => {
    const { told } = await listen(playable, { events: 20 });
    const { conditioning } = playable;
    const nothing = [...conditioning.row([undefined, undefined])];
    expect(told).toEqual(told.map(() => nothing));
    expect(told.length).toBe(20);
  });

  it("is told values in equal parts of the piece", async () => {
    const { told } = await listen(playable, { events: 60, density: "2,40,8" });
    expect(told.map((row) => densityOf(row))).toEqual([
      ...new Array(20).fill(2),
      ...new Array(20).fill(6),
      ...new Array(20).fill(4),
    ]);
    // What is not asked for is not told.
    expect(told.every((row) => row[0] === 0 && row[9] === 1)).toBe(true);
  });

  it("is told nothing where controls are disabled", async () => {
    const { told } = await listen(playable, { events: 40, density: "8", disableControls: "false,true" });
    expect(told.map((row) => row[0])).toEqual([...new Array(20).fill(0), ...new Array(20).fill(1)]);
  });

  it("leans to a key by its profile and to a scale evenly", async () => {
    const histogram = async (request: PlayRequest) =>
      (await listen(playable, { events: 3, ...request })).told[0].slice(10);
    const key = await histogram({ key: "D minor" });
    expect(key.map((share, pitch) => (share > 0 ? pitch : -1)).filter((pitch) => pitch >= 0)).toEqual([
      0, 1, 2, 4, 5, 7, 9, 10,
    ]);
    expect(key.indexOf(Math.max(...key))).toBe(2);
    expect(await histogram({ scale: "pentatonic" })).toEqual([
      ...Float32Array.from([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0], (each) => each / 5),
    ]);
  });

  it("strikes no note outside a scale, and many without", async () => {
    const scale = new Set([0, 2, 4, 7, 9]);
    const strange = async (request: PlayRequest) =>
      (await listen(playable, { notes: 60, ...request })).notes.filter(({ pitch }) => !scale.has(pitch % 12))
        .length;
    expect(await strange({ scale: "pentatonic", inScale: true })).toBe(0);
    expect(await strange({ scale: "pentatonic" })).toBeGreaterThan(10);
  });

  it("follows another performance moment by moment, for as long as that lasts", async () => {
    const like = randomMusic(3, 60);
    const { told, finish } = await listen(playable, { like });
    expect(finish.seconds).toBeCloseTo(like.duration, 2);
    const { representation } = playable;
    const tokens = representation.encode(like);
    const timeline = representation.timeline?.(tokens);
    if (timeline === undefined) throw new Error("a stream of events has a timeline");
    const rows = openConditioning(representation, both, "each").compute(timeline);
    expect(told[0]).toEqual([...rows.subarray(0, 22)]);
    expect(new Set(told.map((row) => row.join())).size).toBeGreaterThan(5);
    const wanted = new Set(
      Array.from({ length: tokens.length }, (_, i) => rows.subarray(i * 22, (i + 1) * 22).join()),
    );
    for (const row of told) expect(wanted.has(Float32Array.from(row).join())).toBe(true);
  });

  it("makes other music when it is told another thing, and the same of the same", async () => {
    const tokens = async (request: PlayRequest) =>
      (await listen(playable, { events: 40, seed: 5, ...request })).tokens;
    expect(await tokens({ density: "2" })).toEqual(await tokens({ density: "2" }));
    expect(await tokens({ density: "2" })).not.toEqual(await tokens({ density: "40" }));
  });

  it("hears all twice where controls hold more or less than learnt; a strength of 0 is as if nothing was told", async () => {
    const ask = (request: PlayRequest) => listen(playable, { events: 30, seed: 2, ...request });
    const strong = await ask({ density: "30", controlStrength: 3 });
    expect(strong.told.length).toBe(60);
    expect(new Set(strong.told.map((row) => row[0]))).toEqual(new Set([0, 1]));
    const [plain, none, untold] = [
      await ask({ density: "30" }),
      await ask({ density: "30", controlStrength: 0 }),
      await ask({}),
    ];
    expect(none.tokens).toEqual(untold.tokens);
    expect(strong.tokens).not.toEqual(plain.tokens);
  });

  it("hears all twice by itself where something is told, and only there", async () => {
    const tokens = async (request: PlayRequest) => {
      const stage = await openStage(runtime, playable, stepOf(playable, "float32"), {});
      try {
        return (await hearAll(stage.play({ events: 30, seed: 2, ...request }))).tokens;
      } finally {
        await stage.dispose();
      }
    };
    const density = "30";
    expect(await tokens({ density })).toEqual(await tokens({ density, controlStrength: usualStrength }));
    expect(await tokens({ density })).not.toEqual(await tokens({ density, controlStrength: 1 }));
    const untold = await listen(playable, { events: 30, seed: 2, controlStrength: 3 });
    expect(untold.told.length).toBe(30);
    expect(untold.tokens).toEqual(await tokens({}));
  });

  it("is told what its primer is to sound like, too", async () => {
    const primer = randomMusic(1, 20);
    const { told } = await listen(playable, { primer, events: 300, density: "2,40" });
    const classes = told.map((row) => densityOf(row));
    expect(classes.slice(0, 149)).toEqual(new Array(149).fill(2));
    expect(classes[160]).toBe(6);
  });
});

describe("beams", () => {
  it("are told what their own place in the piece asks for", async () => {
    const playable = await tinyPlayable({ controls: ["note-density"], noise: 1 });
    const { notes, told } = await listen(playable, {
      seconds: 2,
      density: "2,8",
      beamSize: 2,
      branchFactor: 2,
    });
    expect(notes.length).toBeGreaterThan(0);
    expect(new Set(told.map((row) => densityOf(row)))).toEqual(new Set([2, 4]));
  });
});

describe("in one sentence", () => {
  const refused = async (playable: Playable, request: PlayRequest, words: RegExp) => {
    await expect(listen(playable, request)).rejects.toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(words) }),
    );
    await expect(listen(playable, request)).rejects.toThrow(/^found .*, expected /);
  };

  it("a model that is told nothing refuses controls, and keeps to a scale all the same", async () => {
    const playable = await tinyPlayable({ noise: 2 });
    await refused(playable, { density: "8" }, /--density for model piano, which is told nothing/);
    await refused(playable, { controlStrength: 2 }, /--control-strength for model piano/);
    await refused(playable, { like: randomMusic(1, 10) }, /--like for model piano/);
    const notices: string[] = [];
    const { notes } = await listen(playable, {
      notes: 40,
      scale: "pentatonic",
      notice: (each) => notices.push(each),
    });
    expect(notes.every(({ pitch }) => [0, 2, 4, 7, 9].includes(pitch % 12))).toBe(true);
    expect(notices).toEqual([
      "piano does not hear pitch-class histograms: instead of leaning to C pentatonic, it strikes no other notes",
    ]);
  });

  it("a model of one control refuses another", async () => {
    const playable = await tinyPlayable({ controls: ["note-density"] });
    await refused(playable, { meanVelocity: "90" }, /--mean-velocity .*is told of note-density/);
  });

  it("a model that is always told cannot do without", async () => {
    const playable = await tinyPlayable({ controls: both, controlFlags: "none" });
    await refused(playable, { disableControls: "true" }, /--disable-controls .*always told/);
    await refused(playable, { controlStrength: 2 }, /controls\.flags=each/);
    // Magenta's usual values in place of what is not said.
    const { told } = await listen(playable, { events: 3 });
    expect(told[0]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, ...new Float32Array(12).fill(1 / 12)]);
  });

  it.each<[PlayRequest, RegExp]>([
    [{ density: "-3" }, /--density "-3"/],
    [{ pitchClassHistogram: "1,2" }, /of 2 numbers/],
    [{ key: "D dorian" }, /as --scale/],
    [{ key: "C", scale: "blues" }, /--key and --scale/],
    [{ scale: "C bluse" }, /did you mean/],
    [{ inScale: true }, /give --key or --scale/],
  ])("%j", async (request, words) => {
    await refused(await tinyPlayable({ controls: both }), request, words);
  });
});
