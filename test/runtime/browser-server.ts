/** @file A server for one page: its scripts, ONNX Runtime's files, and the exchange of questions and answers. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const onnxRuntime = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));
const pageHtml = '<!doctype html><title>Rubato</title><script type="module" src="/page.js"></script>';

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

export interface PageServer {
  readonly address: string;
  /** Leaves a question for the page, which takes it at the path given to `deliver`, and waits for its answer. */
  exchange(question: Uint8Array, deliver: (path: string) => Promise<void>): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly isolated: boolean;
  /** The page's script; unless given, the one that answers questions. */
  readonly script?: string;
  /** Other files of the site, by their paths: "/models/tiny/config.json". */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export async function servePage(options: PageOptions): Promise<PageServer> {
  const scripts = await bundle(options.script);
  const questions = new Map<string, Uint8Array>();
  const answers = new Map<string, Uint8Array>();
  const isolation = options.isolated
    ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
    : {};
  let asked = 0;

  function fileAt(path: string): Uint8Array | undefined {
    if (path === "/index.html") return new TextEncoder().encode(pageHtml);
    // Beside the workers' scripts, and in a folder of their own.
    const name = /^\/(?:onnxruntime\/)?(ort-wasm-[\w.-]+\.(?:wasm|mjs))$/.exec(path)?.[1];
    return name === undefined
      ? (scripts.get(path) ?? options.files?.get(path))
      : readFileSync(join(onnxRuntime, name));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    if (request.method === "POST") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      answers.set(path, Buffer.concat(parts));
      response.end();
      return;
    }
    const body = questions.get(path) ?? fileAt(path);
    const contentType = contentTypes[extname(path)] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { ...isolation, "content-type": contentType });
    response.end(body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");

  return {
    address: `http://127.0.0.1:${bound.port}/`,
    async exchange(question, deliver) {
      const path = `/exchange/${asked++}`;
      questions.set(path, question);
      await deliver(path);
      const answer = answers.get(path);
      questions.delete(path);
      answers.delete(path);
      if (answer === undefined) throw new Error(`the page did not answer ${path}`);
      return answer;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The page and its workers, each a script of its own, as a site's bundler makes them. */
async function bundle(page = "test/runtime/page.ts"): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      page,
      "wasm-worker": "src/platform/browser/wasm-worker.ts",
      "webgpu-worker": "src/platform/browser/webgpu-worker.ts",
      "webgpu-asyncify-worker": "src/platform/browser/webgpu-asyncify-worker.ts",
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    outdir: "/",
    write: false,
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
