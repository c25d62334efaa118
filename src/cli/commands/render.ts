/** @file `rubato render`. */
import { type Rendered, render, renderSchema } from "../../workflows/render/index.ts";
import { defineCommand, type Outcome } from "../command.ts";

export default defineCommand({
  name: "render",
  summary: "play a file of music on a sampled piano, as WAV or MP3",
  positional: ["input"],
  schema: renderSchema,
  examples: [
    { line: "rubato render prelude.mid", does: "prelude.wav, beside it" },
    { line: "rubato render prelude.mid --mp3 prelude.mp3", does: "an MP3 of 192 kbit/s" },
    { line: "rubato render prelude.mid --tempo 0.8 --transpose -2", does: "slower, and a tone lower" },
    { line: "rubato render prelude.mid --reverb 0.4 --gain 3", does: "a larger room, and louder" },
    { line: "rubato render prelude.mid --plot prelude.svg", does: "and the piano roll as a picture" },
  ],
  async run(options, { platform, remark }) {
    const rendered = await render(platform, options);
    for (const warning of rendered.warnings) remark(`${options.input}: ${warning}`);
    return describeRendered(rendered);
  },
});

export function describeRendered(rendered: Rendered): Outcome {
  const { wav, mp3, plot, notes, seconds, milliseconds, limited } = rendered;
  const files = [wav, mp3, plot].filter((path) => path !== null);
  const turnedDown = limited > 0.05 ? `, the loudest place turned down by ${limited.toFixed(1)} dB` : "";
  return {
    json: rendered,
    lines: [
      `wrote ${files.join(", ")}: ${notes.toLocaleString("en")} notes, ${seconds.toFixed(1)} s of sound in ${(milliseconds / 1000).toFixed(1)} s${turnedDown}`,
    ],
  };
}
