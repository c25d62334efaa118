/** @file What a model is told of the music to come, out of what was asked: lists over the piece, names, another performance. */
import { type Conditioning, type Control, controls } from "../../controls/index.ts";
import { type Place, stepsPerSecond } from "../../generation/index.ts";
import { keyShares, type Performance, parseScale, type Scale } from "../../music/index.ts";
import type { Representation } from "../../representations/index.ts";
import { invariant, UsageError } from "../../util/errors.ts";
import { kebab } from "../../util/text.ts";
import { usualStrength } from "./control-options.ts";
import type { MusicOptions } from "./music-options.ts";

export interface Told {
  /** Beside each event, as the piece goes on; undefined for models that are not conditioned. */
  readonly at: ((place: Place) => Float32Array) | undefined;
  /** The floats that tell nothing. */
  readonly nothing: Float32Array;
  /** Whether anything is told, in whatever part of the piece. */
  readonly isTold: boolean;
  /** How strongly it holds; 1 where nothing is told. */
  readonly strength: number;
  /** Pitch classes that alone may be struck. */
  readonly scale: Scale | undefined;
  /** What was done otherwise than asked. */
  readonly notices: readonly string[];
}

export interface ToldModel {
  readonly name: string;
  readonly representation: Representation;
  readonly conditioning: Conditioning;
}

/** What a control says at a place. */
type Curve = (place: Place) => Float32Array;

/** @throws UsageError for controls that the model does not hear, and for what cannot be read */
export function toldOf(model: ToldModel, music: MusicOptions, like: Performance | undefined): Told {
  const { conditioning } = model;
  const scale = scaleOf(music);
  const hearsHistograms = conditioning.controls.some(({ name }) => name === "pitch-class-histogram");
  const leans = hearsHistograms && scale !== undefined;
  const asked = [
    ...readOptions(music),
    ...(leans ? [["pitch-class-histogram", [sharesOf(music)]] as const] : []),
  ];
  refuse(
    model,
    music,
    asked.map(([name]) => name),
    like,
  );
  const curves = conditioning.controls.map((control): Curve | undefined => {
    const values = asked.find(([name]) => name === control.name)?.[1];
    if (values !== undefined) return overPiece(values);
    return like === undefined || control.of === "piece"
      ? undefined
      : curveOf(control, like, model.representation);
  });
  const nothing = conditioning.row(conditioning.controls.map(() => undefined));
  const disabled = music.disableControls?.split(",").map((word) => word === "true") ?? [false];
  const asksAnything = curves.some((curve) => curve !== undefined) && disabled.includes(false);
  const strength = asksAnything ? (music.controlStrength ?? usualStrengthOf(conditioning)) : 1;
  const at = (place: Place) =>
    disabled[part(place, disabled.length)]
      ? nothing
      : conditioning.row(curves.map((curve) => curve?.(place)));
  const keeps = music.inScale || (scale !== undefined && !hearsHistograms);
  return {
    at: conditioning.size === 0 ? undefined : at,
    nothing,
    isTold: asksAnything && strength > 0,
    strength,
    scale: keeps ? scale : undefined,
    notices:
      keeps && !music.inScale && scale
        ? [
            `${model.name} does not hear pitch-class histograms: instead of leaning to ${scale.name}, it strikes no other notes`,
          ]
        : [],
  };
}

/** What is always told cannot be made stronger: there is nothing that it differs from. */
export const usualStrengthOf = ({ flags }: Conditioning) => (flags === "none" ? 1 : usualStrength);

/** Value of a list of k at a share of the piece (REPRESENTATIONS 1.7). */
const part = ({ share }: Place, count: number) => Math.min(count - 1, Math.floor(share * count));

const overPiece =
  (values: readonly Float32Array[]): Curve =>
  (place) =>
    values[part(place, values.length)];

/** What was typed for each control, by the control's name. */
function readOptions(music: MusicOptions): readonly (readonly [string, readonly Float32Array[]])[] {
  const typed = new Map<string, unknown>(Object.entries(music));
  return Object.values(controls).flatMap(({ name, option, open }) => {
    const text = typed.get(option.name);
    return typeof text === "string" ? [[name, open().read(text)] as const] : [];
  });
}

function scaleOf({ key, scale, inScale, pitchClassHistogram }: MusicOptions): Scale | undefined {
  const given = Object.entries({
    "--key": key,
    "--scale": scale,
    "--pitch-class-histogram": pitchClassHistogram,
  });
  const names = given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length > 1) {
    throw new UsageError(`found ${names.join(" and ")}, expected one of them: leave out the others`);
  }
  if (inScale && key === undefined && scale === undefined) {
    throw new UsageError("found --in-scale without a scale, expected one to keep to: give --key or --scale");
  }
  const text = key ?? scale;
  if (text === undefined) return undefined;
  const parsed = parseScale(text);
  if (key !== undefined && modeOf(parsed) === undefined) {
    throw new UsageError(
      `found key ${JSON.stringify(key)}, expected a major or minor one, as in "D minor": give ${parsed.name} as --scale`,
    );
  }
  return parsed;
}

const modeOf = ({ name }: Scale) =>
  (["major", "minor"] as const).find((mode) => name.endsWith(` ${mode}`) && name.split(" ").length === 2);

/** What a key or a scale is made of. */
function sharesOf(music: MusicOptions): Float32Array {
  const scale = scaleOf(music);
  invariant(scale, "there is a key or a scale");
  const mode = music.key === undefined ? undefined : modeOf(scale);
  if (mode !== undefined) return Float32Array.from(keyShares(scale.tonic, mode));
  const { pitchClasses } = scale;
  return Float32Array.from({ length: 12 }, (_, i) =>
    pitchClasses.includes(i) ? 1 / pitchClasses.length : 0,
  );
}

/** What another performance says at the same time; after its end, what it said last. */
function curveOf(control: Control, like: Performance, representation: Representation): Curve {
  const tokens = representation.encode(like);
  const timeline = representation.timeline?.(tokens);
  invariant(timeline && tokens.length > 0, "what is like another is a stream of events, and not silence");
  const values = control.compute(timeline);
  const times = new Float64Array(tokens.length);
  for (let i = 1; i < times.length; i++) times[i] = times[i - 1] + timeline.steps[i - 1] / stepsPerSecond;
  return ({ seconds }) => {
    let [low, high] = [0, times.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= seconds) low = middle;
      else high = middle - 1;
    }
    return values.subarray(low * control.size, (low + 1) * control.size);
  };
}

function refuse(
  { name, conditioning }: ToldModel,
  music: MusicOptions,
  asked: readonly string[],
  like: Performance | undefined,
): void {
  const heard = conditioning.controls.map((control) => control.name);
  const flagOf = (control: string) =>
    Object.values(controls).flatMap(({ name, option }) =>
      name === control ? [`--${kebab(option.name)}`] : [],
    );
  const others = [
    ...(like === undefined ? [] : ["--like"]),
    ...([undefined, 1].includes(music.controlStrength) ? [] : ["--control-strength"]),
    ...(music.disableControls === undefined ? [] : ["--disable-controls"]),
  ];
  const strange = [
    ...asked.filter((each) => !heard.includes(each)).flatMap(flagOf),
    ...(heard.length === 0 ? others : []),
  ];
  if (strange.length > 0) {
    const hears =
      heard.length === 0
        ? "which is told nothing of the music to come"
        : `which is told of ${heard.join(", ")}`;
    throw new UsageError(
      `found ${strange.join(" and ")} for model ${name}, ${hears}, expected a model that hears it: choose another --model, or train one with --controls`,
    );
  }
  const needing = others.filter((each) => each !== "--like");
  if (needing.length > 0 && conditioning.flags === "none") {
    throw new UsageError(
      `found ${needing.join(" and ")} for model ${name}, which is always told ${heard.join(", ")}, expected one that can do without: train with --set controls.flags=each`,
    );
  }
}
