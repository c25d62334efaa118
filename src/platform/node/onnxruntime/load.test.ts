import { describe, expect, it } from "vitest";
import { listProviders, loadOnnxRuntime } from "./load.ts";

describe("the providers of this installation", () => {
  it("are the processor first, then what is built in or lies beside it as a library", async () => {
    const backends = loadOnnxRuntime().listSupportedBackends();
    const [first, ...others] = listProviders();
    expect(first).toBe("cpu");
    expect(others).not.toContain("cpu");
    for (const { name, bundled } of backends) if (bundled) expect(listProviders()).toContain(name);
    for (const name of others) expect(backends.map((backend) => backend.name)).toContain(name);
  });
});
