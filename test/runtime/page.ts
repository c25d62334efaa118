/** @file The page: the browser runtime as a site would use it, at the service of a test in Node. */
import { decodeModel } from "../../src/onnx/decode.ts";
import { createBrowserRuntime } from "../../src/platform/browser/index.ts";
import { FeedError, type Runtime, RuntimeError, type Session } from "../../src/runtime/session.ts";
import { messageOf } from "../../src/util/errors.ts";
import type { Answer, Failure, Question } from "./page-protocol.ts";
import { type Parcel, pack, unpack } from "./parcel.ts";

let runtime: Runtime = createBrowserRuntime();
const sessions: Session[] = [];

async function answerTo({ header, tensors }: Parcel<Question>): Promise<Parcel<Answer>> {
  switch (header.type) {
    case "start":
      runtime = createBrowserRuntime(header.options);
      return { header: await started(runtime), tensors: {} };
    case "open": {
      const { model } = tensors;
      if (model.type !== "uint8") throw new Error(`found a model as ${model.type}, expected bytes`);
      const session = sessions.push(await runtime.open(decodeModel(model.data), header.options)) - 1;
      return { header: { type: "opened", session }, tensors: {} };
    }
    case "run": {
      const results = await sessions[header.session].run(tensors, header.outputs);
      return { header: { type: "results" }, tensors: results };
    }
    case "dispose":
      await sessions[header.session].dispose();
      return { header: { type: "disposed" }, tensors: {} };
  }
}

async function started({ name, providers }: Runtime): Promise<Answer> {
  const adapter = "gpu" in navigator ? await navigator.gpu.requestAdapter() : null;
  return {
    type: "started",
    name,
    providers,
    crossOriginIsolated: self.crossOriginIsolated,
    ...(adapter !== null && { adapter: `${adapter.info.vendor} ${adapter.info.architecture}` }),
  };
}

function failure(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof FeedError) return { class: "FeedError", message, input: error.input };
  return { class: error instanceof RuntimeError ? "RuntimeError" : "Error", message };
}

let arrival: Promise<unknown> = Promise.resolve();
let departure: Promise<unknown> = Promise.resolve();

/** Fetches a question, and sends the answer: questions in the order of these calls, answers as they are found. */
async function serveExchange(address: string): Promise<void> {
  const question = arrival.then(async () => {
    const response = await fetch(address);
    return unpack<Question>(new Uint8Array(await response.arrayBuffer()));
  });
  arrival = question;
  const answer = await question.then(answerTo).catch((error): Parcel<Answer> => {
    return { header: { type: "failed", error: failure(error) }, tensors: {} };
  });
  departure = departure.then(() => fetch(address, { method: "POST", body: pack(answer) }));
  await departure;
}

Object.assign(globalThis, { serveExchange });
