/**
 * @file What a transformer's ways of hearing the past learn in the same time, and what they cost as windows grow.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/attention.ts /tmp/corpus [--seconds 240] [--seed 1] [--layers 3] [--features 128] [--reach 512] \
 *       [--window 1024] [--windows 512,2048,8192] [--events 40000] [--repeats 2]
 *
 * Variants take turns of a few seconds in one process, on one thread, and each learns for `--seconds` of the processor: what
 * else the machine does slows all of them alike. All see the same windows in the same order, so that the loss over those that
 * every one has seen (each before it is learnt from) compares them at equal events as well. `--seconds 0` measures costs alone,
 * and `--repeats 0` what is learnt.
 */
import { parseArgs } from "node:util";
import { openConditioning } from "../src/controls/index.ts";
import { type Corpus, openCorpus } from "../src/corpus/index.ts";
import { initialParameters, type Model, openModel } from "../src/models/index.ts";
import { nodePlatform, openDirect } from "../src/platform/node/index.ts";
import type { Platform } from "../src/platform/platform.ts";
import { lessons } from "../src/training/index.ts";
import { countParameters } from "../src/util/parameters.ts";
import type { Configuration } from "../src/workflows/train/configuration.ts";
import { presetLayer, readLayers } from "../src/workflows/train/layers.ts";
import { lessonOptions } from "../src/workflows/train/lesson-options.ts";
import { presetOf } from "../src/workflows/train/presets.ts";
import { openSetup, scheduleOf } from "../src/workflows/train/setup.ts";
import { openValidator } from "../src/workflows/train/validate.ts";
import { measureOurs } from "./engine/process.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "240" },
    seed: { type: "string", default: "1" },
    layers: { type: "string", default: "3" },
    features: { type: "string", default: "128" },
    reach: { type: "string", default: "512" },
    window: { type: "string", default: "1024" },
    windows: { type: "string", default: "512,2048,8192" },
    events: { type: "string", default: "40000" },
    repeats: { type: "string", default: "2" },
  },
  allowPositionals: true,
});
const [path] = positionals;
if (path === undefined) throw new Error("give a corpus: see the top of bench/attention.ts");
const [seconds, window] = [Number(values.seconds), Number(values.window)];
const windows = values.windows.split(",").map(Number);
const size = { layers: Number(values.layers), features: Number(values.features), heads: 4 };
const reach = Number(values.reach);
const session = { threads: 1 };

const variants = {
  [`rotary, reach ${reach}`]: { ...size, reach },
  [`relative, reach ${reach}`]: { ...size, reach, positions: "relative" },
  linear: { ...size, attention: "linear" },
} as const;

/** In this thread, so that the time of the processor is that of whoever's turn it is. */
const node = nodePlatform();
const platform: Platform = { ...node, runtime: { ...node.runtime, open: openDirect } };

/** Steps of the schedule, over all of the time. */
const scheduleLength = 10_000;
const secondsOfTurn = 4;

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function openPupil(name: string, config: object, corpus: Corpus) {
  const configuration: Configuration = readLayers([
    presetLayer("transformer", {
      optimiser: presetOf("transformer").configuration.optimiser,
      training: { seed: Number(values.seed), batchSize: 1, window, averageDecay: 0 },
      validation: { events: Number(values.events) },
    }),
  ]);
  const model: Model = openModel("transformer", {
    ...config,
    vocabularySize: corpus.representation.vocabularySize,
  });
  const untold = openConditioning(corpus.representation, [], "none");
  const setup = await openSetup(platform, model, untold, corpus, configuration, session);
  const schedule = scheduleOf(configuration, scheduleLength);
  const stream = lessons(corpus, lessonOptions(configuration, untold), { epoch: 0, batch: 0 });
  let learner = setup.trainer.begin(initialParameters(model, Number(values.seed)));
  let spent = 0;
  /** Of each window, in their order. */
  const heard: { readonly loss: number; readonly events: number }[] = [];
  return {
    name,
    parameters: countParameters(learner.parameters),
    heard,
    isOver: () => spent >= seconds,
    async turn(): Promise<void> {
      const until = Math.min(seconds, spent + secondsOfTurn);
      while (spent < until) {
        const begun = processorSeconds();
        const { value: lesson } = await stream.next();
        const rate = schedule.rate((scheduleLength * spent) / seconds);
        const step = await setup.trainer.step(learner, [lesson.batch], rate);
        ({ learner } = step);
        heard.push({ loss: step.loss, events: step.tokens });
        spent += processorSeconds() - begun;
      }
    },
    async validate(steps: number): Promise<number> {
      const validation = { ...configuration.validation, window: steps };
      const validator = await openValidator(
        platform.runtime,
        model,
        untold,
        corpus,
        { ...configuration, validation },
        session,
      );
      const { loss } = await validator.run(learner.parameters);
      await validator.dispose();
      return loss;
    },
    dispose: () => setup.dispose(),
  };
}

type Pupil = Awaited<ReturnType<typeof openPupil>>;
type Heard = Pupil["heard"];
const eventsOf = (heard: Heard) => heard.reduce((sum, { events }) => sum + events, 0);
const lossOf = (heard: Heard) =>
  heard.reduce((sum, { loss, events }) => sum + loss * events, 0) / eventsOf(heard);
const grouped = (count: number) => count.toLocaleString("en", { maximumFractionDigits: 0 });

async function compareLearning(corpus: Corpus): Promise<void> {
  const pupils: Pupil[] = [];
  for (const [name, config] of Object.entries(variants)) pupils.push(await openPupil(name, config, corpus));
  while (pupils.some((pupil) => !pupil.isOver())) for (const pupil of pupils) await pupil.turn();
  const common = Math.min(...pupils.map(({ heard }) => heard.length));
  const from = Math.floor(0.8 * common);
  const [first, last] = [from, common].map((count) => grouped(eventsOf(pupils[0].heard.slice(0, count))));
  console.log(
    `\n${grouped(seconds)} s of the processor each, windows of ${grouped(window)}, one to an update, seed ${values.seed}; nats per event\n`,
  );
  console.log(
    `| variant | parameters | updates | events | events/s | of events ${first} to ${last} | ${windows.map((steps) => `validation, windows of ${grouped(steps)}`).join(" | ")} |`,
  );
  console.log(`|---|${"--:|".repeat(5 + windows.length)}`);
  for (const { name, parameters, heard, validate, dispose } of pupils) {
    const validated = [];
    for (const steps of windows) validated.push((await validate(steps)).toFixed(3));
    const events = eventsOf(heard);
    console.log(
      `| ${name} | ${grouped(parameters)} | ${grouped(heard.length)} | ${grouped(events)} | ${grouped(events / seconds)} | ${lossOf(heard.slice(from, common)).toFixed(3)} | ${validated.join(" | ")} |`,
    );
    await dispose();
  }
}

async function compareCosts(): Promise<void> {
  console.log(
    `One window to an update, one thread: events a second of the processor, and the most memory held\n`,
  );
  console.log(`| window | ${["softmax", ...Object.keys(variants)].join(" | ")} |`);
  console.log(`|--:|${"--:|".repeat(1 + Object.keys(variants).length)}`);
  for (const steps of windows) {
    const row = [];
    for (const config of [{ ...size, context: steps }, ...Object.values(variants)]) {
      const { tokens, work, megabytes } = await measureOurs("train", {
        model: "transformer",
        config: { ...config, queryKeyNorm: true },
        optimiser: "muon",
        micro: 1,
        parts: 1,
        window: steps,
        workers: 1,
        threads: 1,
        spinning: "never",
        repeats: Number(values.repeats),
      });
      row.push(`${grouped(tokens / Math.min(...work))}, ${grouped(megabytes)} MB`);
    }
    console.log(`| ${grouped(steps)} | ${row.join(" | ")} |`);
  }
}

console.log(
  `${describeMachine()}; ${size.layers} blocks of ${size.features}, ${size.heads} heads, one thread\n`,
);
// Costs first: a process's most memory begins with that of the process that started it.
if (Number(values.repeats) > 0) await compareCosts();
if (seconds > 0) await compareLearning(await openCorpus(platform.store, path));
