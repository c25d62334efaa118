/** @file `rubato compare --report`: one page with plots, piano rolls and sound, which needs no network. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openCorpus } from "../src/corpus/index.ts";
import { metrics, openMetric } from "../src/metrics/index.ts";
import { createPerformance } from "../src/music/index.ts";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { nodePlatform } from "../src/platform/node/index.ts";
import { StorageError, UsageError } from "../src/util/errors.ts";
import { type CompareInput, compare } from "../src/workflows/compare/index.ts";
import { beginningOf, soundOf } from "../src/workflows/compare/report/excerpts.ts";
import { metricCards } from "../src/workflows/compare/report/metric-cards.ts";
import { overview } from "../src/workflows/compare/report/overview.ts";
import { memoryCorpus, midiBytes, randomMusic } from "./fixtures/memory-corpus.ts";
import { refusalOf } from "./fixtures/refusal.ts";
import { chromiumPath, describeInBrowser } from "./runtime/browser-page.ts";

const oddName = "<script>alert('x')<b>&";
let platform: MemoryPlatform;

const report = async (options: Partial<CompareInput> = {}) => {
  const comparison = await compare(platform, {
    performances: ["first", oddName],
    against: "out",
    notes: 24,
    excerpts: 24,
    resamples: 100,
    classifier: false,
    report: "report.html",
    ...options,
  });
  return { comparison, page: new TextDecoder().decode(await platform.store.read("report.html")) };
};

const count = (page: string, what: RegExp) => page.match(what)?.length ?? 0;

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`in/piece-${i}.mid`, midiBytes(randomMusic(i, 120))]),
  );
  const { platform: memory } = await memoryCorpus(files);
  platform = { ...memory, readPackageFile: nodePlatform().readPackageFile };
  for (let i = 0; i < 6; i++) {
    await platform.store.write(`first/${i}.mid`, midiBytes(randomMusic(100 + i, 120)));
    await platform.store.write(`${oddName}/${i}.mid`, midiBytes(randomMusic(200 + i, 120, 0.4)));
  }
});

describe("a report", { timeout: 120_000 }, () => {
  it("is one page with all metrics, rolls and sound, and nothing from elsewhere", async () => {
    const { comparison, page } = await report();
    expect(comparison.report).toBe("report.html");
    expect(page).toMatch(/^<!doctype html>/);
    for (const name of Object.keys(metrics)) expect(page).toContain(`id="metric-${name}"`);
    // Three excerpts of each system and of real music; a chart for each metric, and one of scores.
    expect(count(page, /<audio /g)).toBe(9);
    expect(count(page, /<svg /g)).toBe(9 + Object.keys(metrics).length + 1);
    const withoutSound = page.replace(/base64,[^"]*/g, "");
    expect(withoutSound).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/);
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
      expect(address).toMatch(/^(#[a-z]+$|data:audio\/mpeg;base64,)/);
    }
    expect(page.length / 9).toBeLessThan(250_000);
  });

  it("has the same bytes for the same seed, and no names that become markup", async () => {
    const { page } = await report({ metric: ["pitch", "density"] });
    expect((await report({ metric: ["pitch", "density"] })).page).toBe(page);
    expect((await report({ metric: ["pitch", "density"], seed: 1 })).page).not.toBe(page);
    expect(page).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;b&gt;&amp;");
    expect(page).not.toContain("<script>alert");
    expect(count(page, /<script/g)).toBe(1);
  });

  it("tells systems of one name apart", async () => {
    await platform.store.write("other/first/0.mid", midiBytes(randomMusic(300, 600)));
    const { page } = await report({ performances: ["first", "other/first"], metric: ["pitch"] });
    expect(page).toContain("</span>other/first</h3>");
    expect(page).toMatch(
      /<li><strong>(other\/)?first<\/strong> .*<strong>(?!\1first<)(other\/)?first<\/strong>/,
    );
  });

  it("is refused before any work where its name is no page's, or no piano is installed", async () => {
    const options = { performances: ["nowhere"], against: "nowhere" };
    const { message } = await refusalOf(report({ ...options, report: "report.pdf" }), UsageError);
    expect(message).toBe(
      "found --report report.pdf, expected a name that ends in .html: give it one, such as --report report.html",
    );
    const bare = {
      ...platform,
      readPackageFile: () => Promise.reject(new StorageError("the piano is not installed", "piano")),
    };
    await expect(compare(bare, { ...options, report: "a.html" })).rejects.toThrow(
      "the piano is not installed",
    );
  });

  it("that cannot be written leaves the figures", async () => {
    const { store } = platform;
    const full = {
      ...platform,
      store: {
        ...store,
        write: (path: string, bytes: Uint8Array) =>
          path.endsWith(".html")
            ? Promise.reject(new StorageError("the disk is full", path))
            : store.write(path, bytes),
      },
    };
    const comparison = await compare(full, {
      ...{ performances: ["first"], against: "out", notes: 24, excerpts: 24, resamples: 100 },
      ...{ classifier: false, report: "other.html" },
    });
    expect(comparison.report).toBeNull();
    expect(comparison.remarks).toContain(
      "the report could not be written, and everything else stands: the disk is full",
    );
    expect(comparison.systems[0].metrics.map(({ name }) => name)).toEqual(Object.keys(metrics));
  });

  it("shows what others say, where they were asked", async () => {
    const { comparison } = await report({ metric: ["pitch"] });
    const [first, ...others] = comparison.systems;
    const classifier = { value: 0.75, low: 0.7, high: 0.8125 };
    expect(overview(comparison).markup).not.toContain("told from real music");
    const { markup } = overview({ ...comparison, systems: [{ ...first, classifier }, ...others] });
    const metric = openMetric("pitch");
    const described = [[metric.describe(randomMusic(1, 24))]];
    const overlap = { area: 0.8125, divergence: 0.25 };
    const cards = metricCards({
      comparison: {
        ...comparison,
        systems: [{ ...first, metrics: [{ ...first.metrics[0], overlap }] }, ...others],
      },
      corpus: await openCorpus(platform.store, "out"),
      anchors: [{ metric, reference: described[0][0], real: described[0], noise: described[0] }],
      music: [first, ...others].map(() => ({ excerpts: [], described })),
    });
    expect(cards.markup).toMatch(/<td>0.813<\/td>\s*<td>0.250<\/td>/);
    expect(markup).toMatch(/<td>75.0 %<\/td>\s*<td>70.0 to 81.3 %<\/td>/);
  });
});

describe("excerpts", () => {
  it("are cut where they are long, and notes with them", () => {
    const long = createPerformance({
      notes: [
        { start: 0, end: 5, pitch: 60, velocity: 60 },
        { start: 29, end: 40, pitch: 62, velocity: 60 },
        { start: 31, end: 32, pitch: 64, velocity: 60 },
      ],
    });
    const { notes, duration } = beginningOf(long);
    expect([notes.count, notes.end[1], duration]).toEqual([2, 30, 30]);
    const short = randomMusic(1, 10);
    expect(beginningOf(short)).toBe(short);
  });

  it("without anything for a piano say so instead of sounding", async () => {
    const drums = createPerformance({
      notes: [{ start: 0, end: 1, pitch: 36, velocity: 60 }],
      instruments: [{ name: "Drums", program: 0, isDrum: true, channel: 9 }],
    });
    expect(await soundOf(platform, drums)).toEqual({ silent: expect.stringMatching(/^found /) });
  });

  it("of the validation split are what is called real", async () => {
    const { page } = await report({ metric: ["pitch"] });
    const corpus = await openCorpus(platform.store, "out");
    const validation = corpus.index.pieces.filter(({ split }) => split === "validation").slice(0, 3);
    for (const { title, source } of validation) {
      expect(page).toContain(`<figcaption>${title === "" ? source : title}`);
    }
  });
});

describeInBrowser("a report in a browser", () => {
  it("plays from a file, moves its line, and plays from where the roll is clicked", {
    timeout: 120_000,
  }, async () => {
    const { page: text } = await report({ metric: ["pitch", "density"] });
    const folder = await mkdtemp(join(tmpdir(), "report-"));
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    try {
      const path = join(folder, "report.html");
      await writeFile(path, text);
      const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, offline: true });
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(pathToFileURL(path).href);
      await play(page);
      await clickRoll(page);
      await page.setViewportSize({ width: 360, height: 700 });
      // Whatever is wide scrolls by itself.
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  });
});

const polling = { timeout: 20_000 };

const leftOf = async (page: Page, index: number): Promise<number> =>
  Number.parseFloat(
    String(await page.evaluate(`document.querySelectorAll(".playhead")[${index}].style.left`)),
  );

/** A click on the button at the left of the browser's own controls. */
async function play(page: Page): Promise<void> {
  const audio = page.locator("audio").first();
  await audio.scrollIntoViewIfNeeded();
  await audio.click({ position: { x: 22, y: 20 } });
  await expect
    .poll(() => page.evaluate("document.querySelector('audio').currentTime"), polling)
    .toBeGreaterThan(0.3);
  const before = await leftOf(page, 0);
  // The roll begins after its keys.
  expect(before).toBeGreaterThan(9);
  await expect
    .poll(() => page.evaluate("document.querySelector('audio').currentTime"), polling)
    .toBeGreaterThan(0.8);
  await expect.poll(() => leftOf(page, 0), polling).toBeGreaterThan(before);
  expect(await page.locator(".playhead").first().isVisible()).toBe(true);
}

async function clickRoll(page: Page): Promise<void> {
  const roll = page.locator(".roll").nth(1);
  await roll.scrollIntoViewIfNeeded();
  const { width = 0 } = (await roll.boundingBox()) ?? {};
  await roll.click({ position: { x: 0.5 * width, y: 60 } });
  await expect.poll(() => page.evaluate("document.querySelectorAll('audio')[1].paused"), polling).toBe(false);
  // The line follows when the sound has been found there.
  await expect.poll(() => leftOf(page, 1), polling).toBeGreaterThan(49);
  expect(await leftOf(page, 1)).toBeLessThan(95);
  // One at a time.
  expect(await page.evaluate("document.querySelectorAll('audio')[0].paused")).toBe(true);
}
