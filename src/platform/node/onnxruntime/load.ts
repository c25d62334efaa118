/** @file onnxruntime-node, loaded when it is first needed: it is native, and most commands run no graph. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as OnnxRuntime from "onnxruntime-node";
import { RuntimeError } from "../../../runtime/session.ts";
import { messageOf } from "../../../util/errors.ts";

const require = createRequire(import.meta.url);
const packageName = "onnxruntime-node";

/** @throws RuntimeError where there is no build for this machine */
export function loadOnnxRuntime(): typeof OnnxRuntime {
  try {
    return require(packageName);
  } catch (error) {
    const machine = `${process.platform}-${process.arch}`;
    throw new RuntimeError(
      `onnxruntime-node cannot be loaded on ${machine} (${messageOf(error)}), expected a build of it for this machine: install it, or run in a browser`,
      { cause: error },
    );
  }
}

/**
 * The execution providers of this installation, "cpu" first: what is built in, and what is a library beside it. That
 * a provider is listed does not say that its device is there.
 */
export function listProviders(): readonly string[] {
  const available = loadOnnxRuntime()
    .listSupportedBackends()
    .filter(({ name, bundled }) => bundled || existsSync(providerLibrary(name)))
    .map(({ name }) => name);
  return ["cpu", ...available.filter((name) => name !== "cpu")];
}

/** Where the package's installer puts a provider that is too large for npm. */
function providerLibrary(name: string): string {
  const folder = join(
    dirname(require.resolve(packageName)),
    "../bin/napi-v6",
    process.platform,
    process.arch,
  );
  const windows = process.platform === "win32";
  return join(folder, windows ? `onnxruntime_providers_${name}.dll` : `libonnxruntime_providers_${name}.so`);
}
