#!/usr/bin/env node
/** @file The command line: finds the verb, loads it alone, runs it, and turns errors into sentences and exit codes. */
import { Command, CommanderError } from "commander";
import type { CommandDefinition } from "./command.ts";

interface Verb {
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
}

/** One line a verb, so that `--help` loads none of them. */
const verbs: Readonly<Record<string, Verb>> = {
  prepare: {
    summary: "make a corpus from MIDI files",
    load: async () => (await import("./commands/prepare.ts")).default,
  },
  inspect: {
    summary: "say what a file, a corpus or a folder of MIDI files is",
    load: async () => (await import("./commands/inspect.ts")).default,
  },
  convert: {
    summary: "turn MIDI into NoteSequence JSON or readable tokens, and back",
    load: async () => (await import("./commands/convert.ts")).default,
  },
  train: {
    summary: "train a model, go on with a run, or tune a model to your own music",
    load: async () => (await import("./commands/train.ts")).default,
  },
  render: {
    summary: "play a file of music on a sampled piano, as WAV or MP3",
    load: async () => (await import("./commands/render.ts")).default,
  },
  generate: {
    summary: "make music with a model",
    load: async () => (await import("./commands/generate.ts")).default,
  },
  evaluate: {
    summary: "measure how likely a corpus is under a model",
    load: async () => (await import("./commands/evaluate.ts")).default,
  },
  score: {
    summary: "say how likely a file of music is under a model, and where it surprises",
    load: async () => (await import("./commands/score.ts")).default,
  },
  compare: {
    summary: "measure how near music is to what people play",
    load: async () => (await import("./commands/compare.ts")).default,
  },
  "listen-test": {
    summary: "let people choose between systems, blindly, and say what they prefer",
    load: async () => (await import("./commands/listen-test.ts")).default,
  },
  controllability: {
    summary: "measure whether a model does what it is told of the music to come",
    load: async () => (await import("./commands/controllability.ts")).default,
  },
  originality: {
    summary: "say whether music is copied from a corpus",
    load: async () => (await import("./commands/originality.ts")).default,
  },
  export: {
    summary: "write a model as an .onnx file for other programs",
    load: async () => (await import("./commands/export.ts")).default,
  },
  compat: {
    summary: "do what a command line of Magenta's Performance RNN and four other systems says",
    load: async () => (await import("./commands/compat.ts")).default,
  },
  runs: {
    summary: "list the runs of training, and draw their curves",
    load: async () => (await import("./commands/runs.ts")).default,
  },
  doctor: {
    summary: "say what this machine computes with, and whether it is right",
    load: async () => (await import("./commands/doctor.ts")).default,
  },
  list: {
    summary: "list models, representations and other kinds, with their options",
    load: async () => (await import("./commands/list.ts")).default,
  },
};

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("rubato")
    .description("Expressive music generation, end to end: MIDI in, performances out.")
    .exitOverride()
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false });
  const wanted = argv.find((word) => !word.startsWith("-"));
  let exitCode = 0;
  for (const [name, { summary, load }] of Object.entries(verbs)) {
    if (name !== wanted) {
      program.command(name).description(summary).helpOption(false).allowUnknownOption();
      continue;
    }
    const [{ buildCommand }, { runCommand }, definition] = await Promise.all([
      import("./options.ts"),
      import("./run.ts"),
      load(),
    ]);
    const command = buildCommand(definition, async (input, json) => {
      exitCode = await runCommand(definition, input, json);
    });
    program.addCommand(command.exitOverride());
  }
  const { version } = await import("./version.ts");
  program.version(version(), "--version", "print the version");
  if (argv.length === 0) {
    program.outputHelp();
    return 2;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    // commander has printed its own message; help and version end with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { describeError } = await import("./run.ts");
    return describeError(error);
  }
  return exitCode;
}

// A reader that has seen enough (`| head`) closes the pipe; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));
