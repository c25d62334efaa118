/**
 * @file The browser runtime, usable from a test in Node: sessions forward their models and feeds to a page in
 * headless Chromium and bring back what it computed, so that whatever runs over a Runtime runs over this one.
 */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { describe, it } from "vitest";
import { encodeModel } from "../../src/onnx/encode.ts";
import {
  FeedError,
  type NamedTensors,
  type Runtime,
  RuntimeError,
  type Session,
} from "../../src/runtime/session.ts";
import { servePage } from "./browser-server.ts";
import type { Answer, Failure, Question } from "./page-protocol.ts";
import { type Parcel, pack, unpack } from "./parcel.ts";

const { CHROMIUM: executable = "/usr/bin/chromium" } = process.env;

/** The browser of these tests. */
export const chromiumPath = executable;

export interface BrowserOptions {
  /** Whether the page is cross-origin isolated, so that WebAssembly has threads. It is unless said. */
  readonly isolated?: boolean;
  /** Gives the page WebGPU, computed on the processor by SwiftShader where there is no graphics card. */
  readonly webgpu?: boolean;
  /** Whether WebAssembly can wait for promises. It can, where the browser knows how, unless said. */
  readonly jspi?: boolean;
  /** As the page's `createBrowserRuntime` takes it; the server has the files under "/onnxruntime/" as well. */
  readonly wasmPaths?: string;
}

export interface BrowserPage {
  readonly runtime: Runtime;
  readonly crossOriginIsolated: boolean;
  /** What WebGPU computes on; absent where there is nothing. */
  readonly adapter?: string;
  /** Ends the browser, whatever is still open in it. */
  close(): Promise<void>;
}

/** Tests in Chromium; where there is none they are skipped, and the output says why. */
export function describeInBrowser(name: string, tests: () => void | Promise<void>): void {
  if (existsSync(executable)) {
    describe(name, tests);
    return;
  }
  console.warn(`skipped: ${name} (there is no ${executable}; CHROMIUM may name another)`);
  describe.skip(name, () => it(`needs ${executable}`, () => undefined));
}

/** A page for one test. */
export async function withPage(
  options: BrowserOptions,
  test: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const page = await openBrowserRuntime(options);
  try {
    await test(page);
  } finally {
    await page.close();
  }
}

export async function openBrowserRuntime(options: BrowserOptions = {}): Promise<BrowserPage> {
  const { isolated = true, webgpu = false, jspi = true, wasmPaths } = options;
  const server = await servePage({ isolated });
  const browser = await chromium.launch({ executablePath: executable, args: flags(webgpu) });

  async function close(): Promise<void> {
    await browser.close();
    await server.close();
  }

  try {
    const page = await browser.newPage();
    if (!jspi) await page.addInitScript("delete WebAssembly.Suspending");
    await page.goto(server.address);

    const ask = async (header: Question, tensors: NamedTensors = {}): Promise<Parcel<Answer>> => {
      const reply = await server.exchange(pack({ header, tensors }), async (path) => {
        await page.evaluate(`serveExchange(${JSON.stringify(path)})`);
      });
      const answer = unpack<Answer>(reply);
      if (answer.header.type === "failed") throw revive(answer.header.error);
      return answer;
    };
    const { header } = await ask({ type: "start", options: wasmPaths === undefined ? {} : { wasmPaths } });
    if (header.type !== "started") throw new Error(`the page answered ${header.type}`);
    const { name, providers, crossOriginIsolated, adapter } = header;
    const runtime = forwardingRuntime(name, providers, ask);
    return { runtime, crossOriginIsolated, ...(adapter !== undefined && { adapter }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Ask = (question: Question, tensors?: NamedTensors) => Promise<Parcel<Answer>>;

function forwardingRuntime(name: string, providers: readonly string[], ask: Ask): Runtime {
  return {
    name,
    providers,
    async open(model, options = {}): Promise<Session> {
      const data = encodeModel(model);
      const { header } = await ask(
        { type: "open", options },
        { model: { type: "uint8", shape: [data.length], data } },
      );
      if (header.type !== "opened") throw new Error(`the page answered ${header.type}`);
      const { session } = header;
      return {
        inputs: model.graph.inputs,
        outputs: model.graph.outputs,
        async run(feeds, outputs) {
          const question = { type: "run", session, ...(outputs !== undefined && { outputs }) } as const;
          return (await ask(question, feeds)).tensors;
        },
        async dispose() {
          await ask({ type: "dispose", session });
        },
      };
    },
  };
}

function revive(error: Failure): Error {
  switch (error.class) {
    case "RuntimeError":
      return new RuntimeError(error.message);
    case "FeedError":
      return new FeedError(error.message, error.input);
    case "Error":
      return new Error(error.message);
  }
}

function flags(webgpu: boolean): string[] {
  const gpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
  return ["--no-sandbox", ...(webgpu ? gpu : [])];
}
