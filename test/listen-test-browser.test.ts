/** @file The page of a listening kit in Chromium, opened from a folder: through its pairs, and from its export to preferences. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { listenResults } from "../src/workflows/listen-test/index.ts";
import { type Key, keyOf, make, platformOf, systemsBy, text } from "./fixtures/listening-kit.ts";
import { chromiumPath, describeInBrowser } from "./runtime/browser-page.ts";

describeInBrowser("the page, from a folder", () => {
  let folder = "";
  let platform: MemoryPlatform;
  let key: Key;
  let systemOf: ReturnType<typeof systemsBy>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    platform = platformOf();
    await make(platform, { pairs: 4, question: 'Which is "<b>&</b></script>"?' });
    key = await keyOf(platform);
    systemOf = systemsBy(key);
    folder = mkdtempSync(join(tmpdir(), "rubato-listen-"));
    for (const { path } of await platform.store.list("kit")) {
      const to = join(folder, path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, await platform.store.read(`kit/${path}`));
    }
    browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  const shown = async (side: "a" | "b") => {
    const source = await page.locator(`#audio-${side}`).getAttribute("src");
    return systemOf(source?.replace(/^audio\/|\.mp3$/g, "") ?? "");
  };
  const isOpen = () => page.locator("#answer-none").isEnabled();
  const hear = async (side: "a" | "b", how: () => Promise<void>) => {
    const asked = `s of ${side.toUpperCase()}`;
    expect(await page.locator("#hint").textContent()).toContain(asked);
    await how();
    await page.locator("#hint").filter({ hasNotText: asked }).waitFor();
  };
  const click = (id: string) => page.locator(id).click();

  it("goes through all pairs, goes on after a reload, and exports what was clicked", async () => {
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) faults.push(request.url());
    });
    const address = pathToFileURL(join(folder, "index.html")).href;
    await page.goto(address);
    expect(await page.locator("#start .question").textContent()).toBe('Which is "<b>&</b></script>"?');
    expect(await page.locator("#start").textContent()).toContain("heard for 0.5 seconds at least");
    await page.locator("#name").fill("Zoë <img src=x onerror=alert(1)>");
    await click("#begin");

    const seen: string[] = [];
    const choose = async (preferred: "walrus" | "none", byKey: boolean) => {
      const [a, b] = [await shown("a"), await shown("b")];
      expect([a, b].sort()).toEqual(["ocelot", "walrus"]);
      const side = preferred === "none" ? "none" : a === "walrus" ? "a" : "b";
      expect(await isOpen()).toBe(false);
      // Before both were heard keys answer nothing either.
      const title = (await page.locator("#trial-title").textContent()) ?? "";
      await page.keyboard.press("a");
      expect(await page.locator("#trial-title").textContent()).toBe(title);
      seen.push(title);
      await hear("a", () => (byKey ? page.keyboard.press("1") : click("#play-a")));
      expect(await isOpen()).toBe(false);
      await hear("b", () => (byKey ? page.keyboard.press("2") : click("#play-b")));
      // One plays at a time.
      expect(await page.evaluate("document.getElementById('audio-a').paused")).toBe(true);
      expect(await isOpen()).toBe(true);
      if (byKey) await page.keyboard.press(side === "none" ? "t" : side);
      else await click(`#answer-${side}`);
    };
    await choose("walrus", false);
    await choose("none", true);
    await page.reload();
    await Promise.all([page.waitForEvent("download"), click("#export-early")]);
    await choose("walrus", true);
    await choose("walrus", false);
    expect(seen).toEqual([1, 2, 3, 4].map((number) => `Pair ${number} of 4`));

    expect(await page.locator("#another").isVisible()).toBe(false);
    const [download] = await Promise.all([page.waitForEvent("download"), click("#export")]);
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^answers-${key.kit}-zo-img-src-x-onerror-alert-1-[0-9a-f]{6}\\.json$`),
    );
    const exported = readFileSync(await download.path());
    await platform.store.write("exported.json", exported);
    const { pairs, listeners } = await listenResults(platform, {
      answers: ["exported.json"],
      key: "kit.key.json",
    });
    expect(listeners).toBe(1);
    expect(pairs).toMatchObject([
      { first: "walrus", second: "ocelot", preferred: 3, ties: 1, rejected: 0, share: { value: 3.5 / 4 } },
    ]);
    // Each system was on both sides as often, whichever way the coins fell.
    const { answers } = z
      .object({ answers: z.array(z.object({ a: z.string(), heard: z.object({ a: z.number().min(0.5) }) })) })
      .parse(JSON.parse(text(exported)));
    expect(answers.filter(({ a }) => systemOf(a) === "walrus").length).toBe(2);
    expect(faults).toEqual([]);

    await page.reload();
    expect(await page.locator("#end-title").textContent()).toBe("Thank you");
    await Promise.all([page.waitForEvent("download"), click("#export")]);
    await click("#another");
    expect(await page.locator("#start").isVisible()).toBe(true);
  }, 60_000);

  it("pauses and starts again, takes an answer back, and says where a sound is missing", async () => {
    await page.goto(pathToFileURL(join(folder, "index.html")).href);
    await click("#begin");
    const paused = () => page.evaluate("document.getElementById('audio-a').paused");
    await page.keyboard.press("Space");
    await page.locator("#play-a[aria-label='Pause A']").waitFor();
    await page.keyboard.press("Space");
    await page.locator("#play-a[aria-label='Play A']").waitFor();
    expect(await paused()).toBe(true);
    await click("#restart-a");
    await page.locator("#play-a[aria-label='Pause A']").waitFor();
    await page.locator("#hint").filter({ hasNotText: "s of A" }).waitFor();
    await click("#play-b");
    await page.locator("#answer-a:enabled").click();
    await click("#back");
    expect(await page.locator("#trial-title").textContent()).toBe("Pair 1 of 4");
    expect(await isOpen()).toBe(false);
    expect(await page.locator("#notice").isVisible()).toBe(false);
    rmSync(join(folder, "audio"), { recursive: true });
    await page.reload();
    await page.locator("#notice", { hasText: "could not be loaded" }).waitFor();
  }, 60_000);
});
