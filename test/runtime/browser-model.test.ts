/** @file Models in a page: fetched, checked, and playing in Chromium what they play in Node. */
import { chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryPlatform } from "../../src/platform/memory.ts";
import { createMusicModel, findModel, type MusicInput, playableOf } from "../../src/workflows/index.ts";
import { sha256 } from "../fixtures/memory-corpus.ts";
import { countingRuntime } from "../fixtures/playing.ts";
import { writeTinyModel } from "../fixtures/tiny-model.ts";
import { chromiumPath, describeInBrowser } from "./browser-page.ts";
import { servePage } from "./browser-server.ts";

describeInBrowser("models in Chromium", async () => {
  const platform = memoryPlatform({ sha256 });
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    await writeTinyModel(platform, "models/piano");
    const files = new Map<string, Uint8Array>();
    for (const { path } of await platform.store.list("models")) {
      const bytes = await platform.store.read(`models/${path}`);
      files.set(`/models/${path}`, bytes);
      files.set(
        `/damaged/${path}`,
        path.endsWith(".safetensors") ? bytes.map((byte, i) => byte ^ +(i === 9999)) : bytes,
      );
    }
    const server = await servePage({ isolated: false, script: "test/runtime/model-page.ts", files });
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    close = async () => {
      await browser.close();
      await server.close();
    };
    page = await browser.newPage();
    await page.goto(server.address);
  }, 60_000);
  afterAll(() => close());

  const play = (address: string, request: MusicInput & { seed?: number }, atMost?: number) =>
    page.evaluate(`playNotes(${[address, request, atMost].map((each) => JSON.stringify(each)).join()})`);

  it("play, with the same seed, the notes that they play in Node, and end their worker", async () => {
    const request = { seed: 5, seconds: 10 };
    const model = createMusicModel(countingRuntime().runtime, playableOf(await findModel(platform)));
    const notes = [];
    for await (const note of model.generate(request)) notes.push(note);
    expect(notes.length).toBeGreaterThan(20);
    expect(await play("models/piano", request)).toEqual({
      name: "piano",
      fingerprint: model.fingerprint,
      notes,
      workers: 0,
    });
  });

  it("end their worker when nobody listens any more", async () => {
    expect(await play("/models/piano/", { events: 5000 }, 3)).toMatchObject({
      notes: { length: 3 },
      workers: 0,
    });
  });

  it("are refused in a sentence where there are none, and where they are damaged", async () => {
    expect(await play("models/paino", {})).toMatchObject({
      refusal: expect.stringMatching(/^found no config.json at http.*paino|^found nothing at http.*paino/),
    });
    expect(await play("damaged/piano", {})).toMatchObject({
      refusal: expect.stringContaining("with other contents than config.json names"),
    });
    expect(await play("models/piano", { temperature: 0 })).toMatchObject({
      refusal: expect.stringContaining("above 0"),
      workers: 0,
    });
  });
});
