/** @file Reads the notation of `examples/corpus/scores`; docs/reference/own-corpus.md describes it. */
import { parsePitch } from "../../src/music/index.ts";
import {
  type Mark,
  marks,
  type Touch,
  touches,
  type Voice,
  type WrittenNote,
  type WrittenPiece,
  whole,
} from "./score.ts";

type Patterns = ReadonlyMap<string, string>;

interface Section {
  readonly head: string;
  readonly lines: readonly string[];
}

/** @throws Error that names the file, and the bar where there is one */
export function parseScore(name: string, text: string): WrittenPiece {
  const fail = (problem: string): never => {
    throw new Error(`${name}: ${problem}`);
  };
  const { headers, sections } = split(text);
  const header = (key: string) => headers.get(key) ?? fail(`found no ${key}:, expected one`);
  const number = (key: string, otherwise?: number): number => {
    const given = headers.get(key);
    if (given === undefined && otherwise !== undefined) return otherwise;
    const value = Number(header(key));
    return Number.isFinite(value) ? value : fail(`found ${key}: ${given}, expected a number`);
  };
  const [beats, unit] = header("meter").split("/").map(Number);
  const bar = (beats * whole) / unit;
  const pickup = parseFraction(headers.get("pickup") ?? "0");
  const touch = headers.get("touch") ?? "legato";
  if (!isTouch(touch)) return fail(`found touch: ${touch}, expected ${touches.join(", ")}`);
  const dynamics = (headers.get("dynamics") ?? "mf")
    .split(/\s+/)
    .map((mark) => (isMark(mark) ? mark : fail(`found ${mark} in dynamics:`)));
  const shared = patternsOf(sections.find(({ head }) => head === "patterns")?.lines ?? []);
  const chords = new Map(
    sections.flatMap(({ head, lines }) =>
      head.startsWith("chords") ? [[head.slice("chords".length).trim(), lines.join(" ")] as const] : [],
    ),
  );
  const voices = sections.flatMap(({ head, lines }): Voice[] => {
    const match = /^voice (\S+)(?: from (\S+))?$/.exec(head);
    if (match === null) return [];
    const [, voice, from] = match;
    const patterns = new Map([...shared, ...patternsOf(lines)]);
    const own = lines.filter((line) => !isPattern(line)).join(" ");
    const source = from === undefined ? own : asCalls(chords.get(from) ?? fail(`found no chords ${from}`));
    const about = (problem: string) => fail(`voice ${voice}, ${problem}`);
    return [{ name: voice, notes: readVoice(expand(source, patterns, about), { bar, pickup }, about) }];
  });
  if (voices.length === 0) fail("found no voice, expected one");
  const lengths = voices.map(({ notes }) =>
    notes.reduce((end, note) => Math.max(end, note.start + note.length), 0),
  );
  const length = pickup + Math.ceil((Math.max(...lengths) - pickup) / bar) * bar;
  return {
    title: header("title"),
    composer: header("composer"),
    key: header("key"),
    tempo: number("tempo"),
    bar,
    beat: unit === 8 && beats % 3 === 0 ? (3 * whole) / 8 : whole / unit,
    pickup,
    length,
    phrase: number("phrase", 4),
    dynamics,
    touch,
    freedom: number("freedom", 1),
    pedal: parseFraction(headers.get("pedal") ?? "0"),
    voices,
  };
}

/** Lines `key: value` come first; sections begin with a line in brackets. */
function split(text: string): {
  readonly headers: ReadonlyMap<string, string>;
  readonly sections: readonly Section[];
} {
  const headers = new Map<string, string>();
  const sections: { head: string; lines: string[] }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("# ")) continue;
    const head = /^<(.+)>$/.exec(line);
    const last = sections.at(-1);
    if (head) sections.push({ head: head[1].trim(), lines: [] });
    else if (last) last.lines.push(line);
    else {
      const at = line.indexOf(":");
      headers.set(line.slice(0, at), line.slice(at + 1).trim());
    }
  }
  return { headers, sections };
}

const isMark = (text: string): text is Mark => Object.hasOwn(marks, text);
const isTouch = (text: string): text is Touch => touches.some((touch) => touch === text);
const isPattern = (line: string) => /^\w+ = /.test(line);

function patternsOf(lines: readonly string[]): Patterns {
  return new Map(
    lines.filter(isPattern).map((line) => {
      const at = line.indexOf(" = ");
      return [line.slice(0, at), line.slice(at + 3)] as const;
    }),
  );
}

/** A bar that names no pattern is one of the pattern "bar". */
function asCalls(text: string): string {
  return text
    .split("|")
    .map((bar) => (bar.trim() === "" || bar.includes("(") ? bar : ` bar(${bar.trim()}) `))
    .join("|");
}

/** Replaces `{ … }*2` by what it repeats, and calls of patterns by their bodies. */
function expand(text: string, patterns: Patterns, fail: (problem: string) => never): string {
  const repeated = text.replace(/\{([^}]*)\}\*(\d+)/g, (_, body: string, times: string) =>
    Array.from({ length: Number(times) }, () => body).join(" "),
  );
  const call = /(\w+)\(([^)]*)\)/g;
  let expanded = repeated;
  // A pattern may be made of patterns; one that is made of itself would never end.
  for (let depth = 0; call.test(expanded); depth++) {
    if (depth > 8) fail("found a pattern that calls itself");
    expanded = expanded.replace(call, (_, name: string, given: string) => {
      const body = patterns.get(name) ?? fail(`found pattern ${name}, which is nowhere`);
      const pitches = given.trim().split(/\s+/);
      return body.replace(
        /\$(\d)/g,
        (_, digit: string) =>
          pitches[Number(digit) - 1] ?? fail(`found ${name}(${given}), which has no $${digit}`),
      );
    });
  }
  return expanded;
}

/** "3/4", or "0". */
function parseFraction(text: string): number {
  const [numerator, denominator = "1"] = text.split("/");
  return (Number(numerator) * whole) / Number(denominator);
}

/** `4` is a quarter, `12` a third of one, `4.` a dotted one. */
function parseLength(denominator: string, dots: string): number {
  return (whole / Number(denominator)) * (2 - 0.5 ** dots.length);
}

function readVoice(
  text: string,
  { bar, pickup }: { readonly bar: number; readonly pickup: number },
  fail: (problem: string) => never,
): readonly WrittenNote[] {
  const notes: { start: number; length: number; pitch: number }[] = [];
  /** Notes that go on into the next one of their pitch. */
  const tied = new Map<number, { start: number; length: number; pitch: number }>();
  let now = 0;
  let length = whole / 4;
  const bars = text.split("|").filter((each) => each.trim() !== "");
  for (const [index, content] of bars.entries()) {
    const begin = now;
    const number = pickup > 0 ? index : index + 1;
    const here = (problem: string) => fail(`bar ${number}: ${problem}`);
    for (const [token] of content.matchAll(/\[[^\]]+\]\S*|\S+/g)) {
      const match = /^(?:\[([^\]]+)\]|([A-G][#b]*\d|r))(?:\/(\d+)(\.*))?(~?)$/.exec(token);
      if (match === null) return here(`found "${token}", expected a note, a chord or a rest`);
      const [, chord, single, denominator, dots, tie] = match;
      if (denominator !== undefined) length = parseLength(denominator, dots);
      if (!Number.isInteger(length)) here(`found "${token}", whose length is no whole number of units`);
      for (const word of (chord ?? single).trim().split(/\s+/)) {
        if (word === "r") continue;
        const pitch = parsePitch(word) ?? here(`found "${word}", expected a pitch`);
        const before = tied.get(pitch);
        tied.delete(pitch);
        const note = before ?? { start: now, length: 0, pitch };
        note.length += length;
        if (before === undefined) notes.push(note);
        if (tie !== "") tied.set(pitch, note);
      }
      now += length;
    }
    const expected = index === 0 && pickup > 0 ? pickup : bar;
    const isLast = index === bars.length - 1;
    if (now - begin !== expected && !(isLast && now - begin === bar - pickup)) {
      here(`found ${(now - begin) / whole} of a whole note, expected ${expected / whole}`);
    }
  }
  if (tied.size > 0) fail("the end: found a tie to nothing");
  return notes;
}
