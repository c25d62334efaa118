/**
 * @file Tokens → music, as they come: events at once, and notes, in the order of their onsets, as soon as their ends are
 * known. The same notes as the representation decodes from all of them.
 */
import type { EventTable } from "./event-table.ts";
import { stepsPerSecond } from "./meter.ts";
import type { MusicEvent, PlayedNote, Transcript } from "./transcript.ts";

/** What still sounds in the end, and may, rings on for a second. */
const ringSteps = stepsPerSecond;

/** Times in steps. */
interface Struck {
  readonly pitch: number;
  readonly velocity: number;
  readonly start: number;
  /** -1 while it sounds. */
  end: number;
  /** Of what comes before the music: its release has to be known, it itself is not told. */
  isSilent: boolean;
}

export class Transcriber implements Transcript {
  readonly #table: EventTable;
  /** Steps after which a note ends whether or not it was released. */
  #longest = Number.POSITIVE_INFINITY;
  /** By pitch, what was struck and not released, the oldest first. */
  readonly #held: readonly Struck[][] = Array.from({ length: 128 }, () => []);
  /** What was struck and not told yet, in the order of onsets. */
  #untold: Struck[] = [];
  #events: MusicEvent[] = [];
  #step = 0;
  #origin = 0;
  #velocity: number;
  #isDown = false;

  constructor(table: EventTable) {
    this.#table = table;
    this.#velocity = table.firstVelocity;
  }

  get seconds(): number {
    return (this.#step - this.#origin) / stepsPerSecond;
  }

  hear(token: number): void {
    const { steps, onset, release, velocity, pedal } = this.#table;
    if (onset[token] >= 0) this.#strike(onset[token]);
    else if (release[token] >= 0) this.#release(release[token]);
    else if (steps[token] > 0) this.#advance(steps[token]);
    else if (velocity[token] > 0) this.#velocity = velocity[token];
    else if (pedal[token] !== 0) this.#movePedal(pedal[token] > 0);
  }

  limit(seconds: number): void {
    this.#longest = Math.floor(seconds * stepsPerSecond + 0.5);
  }

  begin(): void {
    for (const struck of this.#held.flat()) struck.isSilent = true;
    this.#untold = [];
    this.#events = [];
    this.#origin = this.#step;
    if (this.#isDown) this.#events.push({ type: "pedal", time: 0, isDown: true });
  }

  close(rings: boolean): void {
    const sounds = this.#untold.some(({ end }) => end < 0);
    if (sounds && rings) this.#advance(ringSteps);
    for (const struck of this.#untold) if (struck.end < 0) this.#end(struck, this.#step);
    if (this.#isDown) this.#movePedal(false);
  }

  takeEvents(): readonly MusicEvent[] {
    if (this.#events.length === 0) return none;
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  takeNotes(): readonly PlayedNote[] {
    const until = this.#untold.findIndex(({ end }) => end < 0);
    const ready = this.#untold.splice(0, until < 0 ? this.#untold.length : until);
    if (ready.length === 0) return none;
    // What has no length is no note.
    return ready
      .filter(({ start, end }) => end > start)
      .map(({ pitch, velocity, start, end }) => ({
        pitch,
        start: this.#seconds(start),
        end: this.#seconds(end),
        velocity,
      }));
  }

  #seconds(step: number): number {
    return (step - this.#origin) / stepsPerSecond;
  }

  #strike(pitch: number): void {
    const struck = { pitch, velocity: this.#velocity, start: this.#step, end: -1, isSilent: false };
    this.#held[pitch].push(struck);
    this.#untold.push(struck);
    this.#events.push({ type: "note-on", time: this.seconds, pitch, velocity: this.#velocity });
  }

  #release(pitch: number): void {
    const struck = this.#held[pitch].shift();
    if (struck !== undefined && struck.end < 0) this.#end(struck, this.#step);
  }

  #end(struck: Struck, step: number): void {
    struck.end = step;
    if (!struck.isSilent) {
      this.#events.push({ type: "note-off", time: this.#seconds(step), pitch: struck.pitch });
    }
  }

  #advance(steps: number): void {
    const to = this.#step + steps;
    // Those struck first reach the limit first.
    for (const struck of this.#untold) {
      if (struck.start + this.#longest > to) break;
      if (struck.end < 0) this.#end(struck, Math.max(struck.start + this.#longest, this.#step));
    }
    this.#step = to;
  }

  #movePedal(isDown: boolean): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    this.#events.push({ type: "pedal", time: this.seconds, isDown });
  }
}

const none: readonly never[] = [];
