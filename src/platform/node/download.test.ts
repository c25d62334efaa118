import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answer, fail, serve, serveSimply, serveWeakly } from "../../../test/fixtures/range-server.ts";
import { refusalOf } from "../../../test/fixtures/refusal.ts";
import { mountSmallDisk } from "../../../test/fixtures/small-disk.ts";
import { UsageError } from "../../util/errors.ts";
import type { Progress } from "../platform.ts";
import { download } from "./download.ts";
import { DownloadError } from "./download-error.ts";
import { nodePlatform } from "./index.ts";
import { sha256 as sha256Of } from "./sha256.ts";

const contents = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) >>> 7));
const sha256 = sha256Of(contents);

let folder = "";
let to = "";
let server: Server;
let url = "";
/** What the server answers, one after the other; the last one again and again. */
let answers: Answer[] = [];
/** The ranges that were asked for, "-" where none was. */
let asked: string[] = [];
let events: Progress[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rubato-download-"));
  to = join(folder, "cache", "corpus.zip");
  [answers, asked, events] = [[], [], []];
  server = createServer((request, response) => {
    asked.push(String(request.headers.range ?? "-"));
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/corpus.zip`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const fetchIt = () =>
  download({ url, sha256, to }, { report: (event) => events.push(event), pause: 1, attempts: 3 });
const fetched = async () => {
  expect(Buffer.compare(await readFile(to), contents)).toBe(0);
  expect(await readdir(join(folder, "cache"))).toEqual(["corpus.zip"]);
};

const whole = (version = '"one"') => serve({ file: contents, version });
const broken = (until: number) => serve({ file: contents, version: '"one"', until });
const simple = serveSimply(contents);

async function refused(work: Promise<void>): Promise<string> {
  const error = await refusalOf(work, DownloadError);
  expect(error.message).toContain(error.url);
  return error.message;
}

describe("a download", () => {
  it("fetches, checks, and tells how far it is", async () => {
    answers = [whole()];
    const platform = nodePlatform({ report: (event) => events.push(event) });
    await platform.download({ url, sha256, to });
    await fetched();
    const total = contents.length;
    expect(events.at(-1)).toEqual({ stage: "download", done: total, total, unit: "bytes" });
    expect(events.map(({ done }) => done)).toEqual(events.map(({ done }) => done).sort((a, b) => a - b));
  });

  it("fetches nothing when the file is there", async () => {
    answers = [whole()];
    await fetchIt();
    await fetchIt();
    expect(asked).toEqual(["-"]);
    await writeFile(to, "something else");
    await fetchIt();
    expect(asked).toEqual(["-", "-"]);
    await fetched();
  });

  it("goes on where the connection broke", async () => {
    answers = [broken(100_000), broken(200_000), whole()];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "bytes=100000-", "bytes=200000-"]);
    expect(events.at(-1)?.total).toBe(contents.length);
  });

  it("goes on in another run, as often as something new arrives", async () => {
    answers = [broken(100_000)];
    expect(await refused(fetchIt())).toMatch(
      /the connection broke \(.+\), 3 times in a row; check the network and start again, or fetch the file by hand/,
    );
    expect(asked).toEqual(["-", "bytes=100000-", "bytes=100000-"]);
    asked = [];
    answers = [110_000, 120_000, 130_000, 140_000, 150_000].map((until) => broken(until));
    answers.push(whole());
    await fetchIt();
    await fetched();
    expect(asked).toHaveLength(6);
  });

  it("starts again when the file was changed meanwhile", async () => {
    const before = Buffer.alloc(contents.length, "old");
    answers = [serve({ file: before, version: '"old"', until: 100_000 }), whole('"new"')];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "bytes=100000-"]);
  });

  it("starts again where the server does not know ranges, or says nothing to go on from", async () => {
    answers = [broken(100_000), simple];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "bytes=100000-"]);
    await rm(to);
    [asked, events] = [[], []];
    answers = [serveWeakly(contents, 99_000), simple];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "-"]);
  });

  it("goes on from a date, where there is no tag", async () => {
    const dated = {
      file: contents,
      version: "Wed, 21 Oct 2015 07:28:00 GMT",
      header: "last-modified",
    } as const;
    answers = [serve({ ...dated, until: 100_000 }), serve(dated)];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "bytes=100000-"]);
  });

  it("needs nothing but the check, when it was stopped before", async () => {
    answers = [whole()];
    await mkdir(join(folder, "cache"));
    await writeFile(`${to}.part`, contents);
    await writeFile(`${to}.part.json`, JSON.stringify({ url, validator: '"one"' }));
    await fetchIt();
    await fetched();
    expect(asked).toEqual([`bytes=${contents.length}-`]);
  });

  it("starts again from a part that is too long, of another address, or of unknown origin", async () => {
    answers = [whole()];
    await mkdir(join(folder, "cache"));
    const notes = [{ url, validator: '"one"' }, { url: `${url}?other`, validator: '"one"' }, { url }];
    for (const note of [...notes.map((note) => JSON.stringify(note)), '{"url": "h']) {
      await writeFile(`${to}.part`, Buffer.alloc(contents.length + 5));
      await writeFile(`${to}.part.json`, note);
      await fetchIt();
      await fetched();
      await rm(to);
    }
    expect(asked).toEqual([`bytes=${contents.length + 5}-`, "-", "-", "-", "-"]);
  });

  it("does not believe a piece that was not asked for", async () => {
    const wrong: Answer = (_request, response) =>
      response.writeHead(206, { "content-range": "bytes 5-9/10" }).end("12345");
    answers = [broken(100_000), wrong, whole()];
    await fetchIt();
    await fetched();
    expect(asked).toEqual(["-", "bytes=100000-", "-"]);
  });

  it("refuses a wrong checksum, and keeps nothing of it", async () => {
    answers = [serveSimply(Buffer.from("another file"))];
    const found = sha256Of(Buffer.from("another file"));
    expect(await refused(fetchIt())).toContain(`its SHA-256 is ${found}, expected ${sha256}`);
    expect(await readdir(join(folder, "cache"))).toEqual([]);
    await writeFile(to, "what was there before");
    await refused(fetchIt());
    expect(await readFile(to, "utf8")).toBe("what was there before");
  });

  it("asks once for what is not there, and again where the server is in trouble", async () => {
    answers = [fail(404)];
    expect(await refused(fetchIt())).toContain("the server answered 404 Not Found; check the address");
    expect(asked).toHaveLength(1);
    answers = [fail(500), fail(503), simple];
    await fetchIt();
    await fetched();
    await rm(to);
    asked = [];
    answers = [fail(502)];
    expect(await refused(fetchIt())).toContain("502 Bad Gateway, 3 times in a row");
    expect(asked).toHaveLength(3);
  });

  it("says what to do where there is no network, and no place", async () => {
    server.close();
    server.closeAllConnections();
    const refusal = await refused(fetchIt());
    expect(refusal).toContain("the server cannot be reached (connect ECONNREFUSED");
    expect(refusal).toContain(`fetch the file by hand and put it at ${to}`);
    const report = () => undefined;
    await expect(download({ url: "file:///etc/passwd", sha256, to }, { report })).rejects.toThrow(UsageError);
    await expect(download({ url, sha256, to: folder }, { report })).rejects.toThrow("it is a folder");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  it("does not take a full disk for a broken connection", async (context) => {
    answers = [whole()];
    const small = await mountSmallDisk(join(folder, "cache"), 128);
    try {
      if (small.lacking !== undefined) return context.skip(small.lacking);
      await expect(fetchIt()).rejects.toThrow(`Cannot write ${to}.part: the disk is full`);
      expect(asked).toHaveLength(1);
    } finally {
      small.remove();
    }
    await fetchIt();
    await fetched();
  });
});
