/**
 * @file The grammar of steps that are whole notes. A rest is the longest shift, with nothing in its other fields. Any
 * note may follow any; but where steps have programs, notes of one moment stand by program, then pitch.
 */
import { type NoteLayout, rest } from "./note-steps.ts";
import type { GrammarState } from "./representation.ts";

export class NoteGrammarState implements GrammarState {
  readonly #layout: NoteLayout;
  readonly #masks: readonly Uint8Array[];
  #field = 0;
  #longestShift = false;
  #isRest = false;
  /** Where notes of one moment are in order: the program and pitch before which none may stand. */
  #program = 0;
  #pitch = 0;
  /** Whether the program of this step is that of the step before. */
  #sameProgram = false;

  constructor(layout: NoteLayout) {
    this.#layout = layout;
    this.#masks = layout.fields.map((field) => new Uint8Array(field.size));
  }

  get field(): number {
    return this.#field;
  }

  allowed(): Uint8Array {
    const mask = this.#masks[this.#field];
    const { pitchField } = this.#layout;
    if (this.#field > pitchField && this.#isRest) {
      mask.fill(0);
      mask[0] = 1;
      return mask;
    }
    mask.fill(1);
    if (this.#field === pitchField) {
      if (this.#sameProgram) mask.fill(0, 0, this.#pitch);
      mask[rest] = this.#longestShift && this.#program === 0 ? 1 : 0;
    } else if (this.#field === pitchField - 1 && this.#field > 0) mask.fill(0, 0, this.#program);
    return mask;
  }

  advance(token: number): void {
    const { fields, pitchField } = this.#layout;
    if (this.#field === 0) {
      this.#longestShift = token === fields[0].size - 1;
      if (token > 0) {
        this.#program = 0;
        this.#pitch = 0;
      }
      this.#sameProgram = false;
    } else if (this.#field === pitchField) {
      this.#isRest = token === rest;
      // After a rest, and where there is no program, any pitch may come.
      this.#pitch = this.#isRest || pitchField === 1 ? 0 : token;
    } else if (this.#field < pitchField) {
      this.#sameProgram = token === this.#program;
      this.#program = token;
    }
    this.#field = (this.#field + 1) % fields.length;
  }

  copy(): NoteGrammarState {
    const twin = new NoteGrammarState(this.#layout);
    twin.#field = this.#field;
    twin.#longestShift = this.#longestShift;
    twin.#isRest = this.#isRest;
    twin.#program = this.#program;
    twin.#pitch = this.#pitch;
    twin.#sameProgram = this.#sameProgram;
    return twin;
  }
}
