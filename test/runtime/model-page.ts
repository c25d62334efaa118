/** @file A page that plays: the library's model as a site would use it, and what became of its workers. */
import { Model } from "../../src/browser.ts";
import { messageOf } from "../../src/util/errors.ts";

let workers = 0;
const BrowserWorker = self.Worker;
self.Worker = class extends BrowserWorker {
  constructor(...given: ConstructorParameters<typeof BrowserWorker>) {
    super(...given);
    workers++;
  }
  override terminate(): void {
    workers--;
    super.terminate();
  }
};

/** Notes of a piece; no more than so many, if that is said. */
async function playNotes(address: string, request: object, atMost = Number.POSITIVE_INFINITY) {
  try {
    const model = await Model.fromPretrained(address);
    const notes = [];
    for await (const note of model.generate(request)) {
      notes.push(note);
      if (notes.length >= atMost) break;
    }
    return { name: model.name, fingerprint: model.fingerprint, notes, workers };
  } catch (error) {
    return { refusal: messageOf(error), workers };
  }
}

Object.assign(globalThis, { playNotes });
