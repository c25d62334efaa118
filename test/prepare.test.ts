/** @file `rubato prepare` from end to end: interrupted, repeated, on a full disk, from archives, with bad input. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ended, requireBuild, rubatoIn, startRubato } from "./fixtures/command.ts";
import { craftZip } from "./fixtures/craft-zip.ts";
import { midiBytes, randomFiles, randomMusic } from "./fixtures/memory-corpus.ts";
import { serve } from "./fixtures/range-server.ts";
import { mountSmallDisk } from "./fixtures/small-disk.ts";
import { describeWithData } from "./shared-data.ts";

let folder = "";
const at = (...parts: string[]) => join(folder, ...parts);
const rubato = (...args: string[]) => rubatoIn(folder, args);

function put(files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), bytes);
  }
}

/** Every file of a folder with its hash; without what is remembered of the sources' times. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(path)
    .filter((name) => name !== "cache.json")
    .sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(path, name)))
        .digest("hex"),
    ]),
  );
}

const tokensOf = (path: string) =>
  Object.fromEntries(Object.entries(contents(path)).filter(([name]) => name.endsWith(".bin")));

beforeAll(() => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), "rubato-prepare-"));
  put(randomFiles(60, "songs"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectSentence(
  run: { code: number | null; out: string; err: string },
  code: number,
  words: string,
): void {
  expect({ code: run.code, out: run.out }).toEqual({ code, out: "" });
  expect(run.err).toMatch(/^rubato: [^\n]+\n$/);
  expect(run.err).toContain(words);
}

describe("the same bytes", () => {
  it("whatever the number of workers, and a second run changes nothing", () => {
    for (const workers of ["1", "2", "3"]) {
      expect(rubato("prepare", "songs", "--out", `w${workers}`, "--workers", workers).code).toBe(0);
    }
    expect(contents(at("w2"))).toEqual(contents(at("w1")));
    expect(contents(at("w3"))).toEqual(contents(at("w1")));
    const before = statSync(at("w1/index.json")).mtimeMs;
    const again = rubato("prepare", "songs", "--out", "w1", "--json");
    expect(JSON.parse(again.out)).toMatchObject({ written: false });
    expect(statSync(at("w1/index.json")).mtimeMs).toBe(before);
  });

  it("after a kill, and what was finished is not read again", async () => {
    const files = randomFiles(300, "many");
    const settle = (path: string, bytes: Uint8Array) => {
      put({ [path]: bytes });
      utimesSync(at(path), 1e9, 1e9);
    };
    for (const [path, bytes] of Object.entries(files)) settle(path, bytes);
    expect(rubato("prepare", "many", "--out", "whole").code).toBe(0);
    let saved = 0;
    for (const lines of [1, 60, 150]) {
      const out = `killed-at-${lines}`;
      const child = startRubato(folder, ["prepare", "many", "--out", out]);
      const end = ended(child);
      const journal = at(`${out}.partial/journal.jsonl`);
      const entries = () =>
        existsSync(journal) ? readFileSync(journal, "utf8").split("\n").slice(1, -1) : [];
      const timer = setInterval(() => entries().length >= lines && child.kill("SIGKILL"), 1);
      const { code } = await end;
      clearInterval(timer);
      // It may have been too fast to be killed.
      if (code === 0) continue;
      expect(existsSync(at(out))).toBe(false);
      // Read again, these would be no music.
      const finished = entries().map((line): string => `many/${JSON.parse(line).path}`);
      for (const path of finished) settle(path, new Uint8Array(files[path].length));
      expect(rubato("prepare", "many", "--out", out).code).toBe(0);
      for (const path of finished) settle(path, files[path]);
      expect(contents(at(out))).toEqual(contents(at("whole")));
      expect(existsSync(at(`${out}.partial`))).toBe(false);
      saved += finished.length;
    }
    expect(saved).toBeGreaterThan(0);
  });
});

describe("a file that did not change", () => {
  it("is not read again: other bytes under the same size and time stay unseen, a new time is seen", () => {
    put(randomFiles(6, "few"));
    const [name] = readdirSync(at("few"));
    const path = at("few", name);
    utimesSync(path, 1e9, 1e9);
    rubato("prepare", "few", "--out", "few-corpus");
    const { size } = statSync(path);
    const before = contents(at("few-corpus"));
    const wrong = readFileSync(path).fill(0);
    expect(wrong.length).toBe(size);
    writeFileSync(path, wrong);
    utimesSync(path, 1e9, 1e9);
    expect(JSON.parse(rubato("prepare", "few", "--out", "few-corpus", "--json").out)).toMatchObject({
      written: false,
    });
    expect(contents(at("few-corpus"))).toEqual(before);
    utimesSync(path, 1e9, 1e9 + 1);
    const seen = JSON.parse(rubato("prepare", "few", "--out", "few-corpus", "--json").out);
    expect(seen).toMatchObject({ written: true, refused: [{ source: name }] });
  });

  it("is read again where the journal of a killed run is cut off", async () => {
    const child = startRubato(folder, ["prepare", "songs", "--out", "cut"]);
    const end = ended(child);
    const journal = at("cut.partial/journal.jsonl");
    const timer = setInterval(() => {
      if (existsSync(journal) && statSync(journal).size > 2000) child.kill("SIGKILL");
    }, 2);
    const { code } = await end;
    clearInterval(timer);
    if (code !== 0) truncateSync(journal, statSync(journal).size - 10);
    expect(rubato("prepare", "songs", "--out", "cut").code).toBe(0);
    expect(contents(at("cut"))).toEqual(contents(at("w1")));
  });
});

describe("sources", () => {
  it("in an archive are read in place, and give the same tokens", () => {
    const files = randomFiles(8, "");
    put({
      "songs.zip": zipSync(
        Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`top${path}`, bytes])),
      ),
    });
    put(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`unzipped/top${path}`, bytes])));
    rubato("prepare", "songs.zip", "--out", "from-zip");
    rubato("prepare", "unzipped", "--out", "from-folder");
    expect(tokensOf(at("from-zip"))).toEqual(tokensOf(at("from-folder")));
  });

  it("may be gzipped, in RIFF, or called by other endings; sub-folders become labels", () => {
    const midi = (seed: number) => midiBytes(randomMusic(seed, 20));
    const riff = (inside: Uint8Array) => {
      const bytes = Buffer.alloc(20 + inside.length + (inside.length & 1));
      bytes.write("RIFF", 0);
      bytes.writeUInt32LE(bytes.length - 8, 4);
      bytes.write("RMIDdata", 8);
      bytes.writeUInt32LE(inside.length, 16);
      bytes.set(inside, 20);
      return bytes;
    };
    put({
      "odd/Bach/Suites/A.MID": midi(1),
      "odd/Bach/b.midi.gz": gzipSync(midi(2)),
      "odd/c.KAR": midi(3),
      "odd/d.Rmi": riff(midi(4)),
      "odd/e.txt": "not music",
      "odd/f.mid": "not music",
    });
    const { totals, refused } = JSON.parse(
      rubato("prepare", "odd", "--out", "odd-corpus", "--split", "0.5", "--json").out,
    );
    expect(totals.train.pieces + totals.validation.pieces).toBe(4);
    expect(refused).toMatchObject([{ source: "f.mid", why: expect.stringContaining('found "not "') }]);
    const { pieces } = JSON.parse(readFileSync(at("odd-corpus/index.json"), "utf8"));
    const labels = pieces
      .map((piece: { source: string; label: string }) => `${piece.source}: ${piece.label}`)
      .sort();
    expect(labels).toEqual(["Bach/Suites/A.MID: Bach/Suites", "Bach/b.midi.gz: Bach", "c.KAR: ", "d.Rmi: "]);
  });

  it("are fetched, going on after a cut connection, checked and unpacked", async () => {
    const table = "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration\n";
    const rows = ["train", "train", "validation"].map(
      (split, i) => `Bach,Piece ${i},${split},2004,2004/${i}.midi,x.wav,9`,
    );
    const zip = Buffer.from(
      zipSync({
        "maestro-v3.0.0/maestro-v3.0.0.csv": Buffer.from(
          `${table}${rows.join("\n")}\nBach,Lost,test,2004,2004/9.midi,x.wav,9\n`,
        ),
        ...Object.fromEntries(
          [0, 1, 2].map((i) => [`maestro-v3.0.0/2004/${i}.midi`, midiBytes(randomMusic(i, 400))]),
        ),
      }),
    );
    const answers = [
      serve({ file: zip, version: '"1"', until: zip.length >> 1 }),
      serve({ file: zip, version: '"1"' }),
    ];
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(String(request.headers.range ?? "-"));
      (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const sum = createHash("sha256").update(zip).digest("hex");
    const args = [
      "prepare",
      "maestro",
      "--download",
      "--url",
      `http://127.0.0.1:${port}/m.zip`,
      "--sha256",
      sum,
      "--json",
    ];
    const { code, out, err } = await ended(startRubato(folder, args));
    const again = await ended(startRubato(folder, args));
    const list = await ended(startRubato(folder, [...args, "--list"]));
    server.close();
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(JSON.parse(out)).toMatchObject({
      missing: 1,
      split: { by: "table" },
      totals: { train: { pieces: 2 }, validation: { pieces: 1 } },
    });
    expect(asked).toEqual(["-", expect.stringMatching(/^bytes=\d+-$/)]);
    expect(JSON.parse(again.out)).toMatchObject({ written: false });
    expect(JSON.parse(list.out)).toEqual([{ composer: "Bach", pieces: 3, hours: 27 / 3600 }]);
    // What lies there from elsewhere is not written over.
    rmSync(at("data/maestro-v3.0.0/.archive-sha256"));
    expectSentence(rubato(...args), 2, "found data/maestro-v3.0.0, which is not unpacked from the archive");
  });
});

describe("bad input is one sentence", () => {
  it("and leaves nothing behind", () => {
    put({
      "empty/readme": "",
      "none/a.mid": "no music",
      "mine/thesis.txt": "years of work",
      "there.mid": "file",
      "climbing.zip": craftZip([{ name: "../../a.mid", data: midiBytes(randomMusic(1, 20)) }]),
    });
    expectSentence(rubato("prepare", "empty"), 1, "found no MIDI file among 1 files in empty");
    expectSentence(rubato("prepare", "nowhere"), 1, "there is no such file or folder");
    expectSentence(rubato("prepare", "none"), 1, "and could use none of them; the first, a.mid: ");
    expectSentence(
      rubato("prepare", "songs", "--representation", "performence"),
      2,
      'did you mean "performance"?',
    );
    expectSentence(rubato("prepare", "songs", "--set", "velocityBins=16"), 2, "velocityBins");
    expectSentence(rubato("prepare", "songs", "--set", "velocitybin=0"), 2, "velocitybin");
    expectSentence(rubato("prepare", "songs", "--split", "95"), 2, "--split: found 95");
    expectSentence(rubato("prepare", "songs", "--workers", "0"), 2, "--workers: found 0");
    expectSentence(rubato("prepare", "songs", "--segments", "-30"), 2, "--segments: found -30");
    expectSentence(rubato("prepare", "maestro"), 2, "to fetch MAESTRO, add --download");
    expectSentence(rubato("prepare", "climbing.zip"), 1, "its name climbs out of the archive");
    expectSentence(rubato("prepare", "songs", "--out", "mine"), 2, "found a folder at mine");
    expectSentence(rubato("prepare", "songs", "--out", "there.mid"), 2, "there.mid");
    expectSentence(rubato("prepare", "songs", "--url", "http://127.0.0.1/x"), 2, "--download");
    expectSentence(rubato("prepare", "songs", "--download"), 2, "prepare maestro --download");
    expect(readFileSync(at("mine/thesis.txt"), "utf8")).toBe("years of work");
    for (const name of ["corpora/empty", "corpora/none", "corpora/songs", "corpora/climbing"])
      expect(existsSync(at(name))).toBe(false);
  });

  it("for a table that does not match", () => {
    const table = "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration\n";
    put({
      "off/a.mid": midiBytes(randomMusic(1, 20)),
      "off/maestro-v3.0.0.csv": `${table}Bach,Fuge,train,2004,2004/b.midi,x,1\n`,
    });
    expectSentence(rubato("prepare", "off"), 1, "which lists 1 files, and none of them in off");
    put({ "off/maestro-v3.0.0.csv": "a,b\n1,2\n" });
    expectSentence(rubato("prepare", "off"), 1, "without the columns midi_filename and split");
  });

  it("for a composer nobody knows, with the five nearest", () => {
    const names = ["Debussy", "Ravel", "Satie", "Fauré", "Chopin", "Liszt", "Bach"];
    put(
      Object.fromEntries(names.map((name, i) => [`composers/${name}/x.mid`, midiBytes(randomMusic(i, 20))])),
    );
    const { code, err } = rubato("prepare", "composers", "--composer", "debusi");
    expect(code).toBe(2);
    expect(err).toMatch(/^rubato: found no composer like "debusi"; the nearest are Debussy(, \S+){4} /);
    const found = rubato(
      "prepare",
      "composers",
      "--composer",
      "faure",
      "--composer",
      "LISZ",
      "--out",
      "two",
      "--json",
    );
    expect(JSON.parse(found.out).totals).toMatchObject({ train: { pieces: 1 }, validation: { pieces: 1 } });
    const list: { composer: string; pieces: number }[] = JSON.parse(
      rubato("prepare", "composers", "--list", "--json").out,
    );
    expect(list.map(({ composer, pieces }) => `${composer} ${pieces}`)).toEqual(
      [...names].sort().map((name) => `${name} 1`),
    );
  });

  it("for a disk that is full: the corpus that was there stays", async (context) => {
    const disk = await mountSmallDisk(at("disk"), 400);
    if (disk.lacking !== undefined) return context.skip(disk.lacking);
    try {
      put({ "small/a.mid": midiBytes(randomMusic(1, 50)) });
      expect(rubato("prepare", "small", "--out", "disk/corpus").code).toBe(0);
      const before = contents(at("disk/corpus"));
      put({ "small/b.mid": midiBytes(randomMusic(2, 20_000)) });
      expectSentence(rubato("prepare", "small", "--out", "disk/corpus"), 1, "the disk is full");
      expect(contents(at("disk/corpus"))).toEqual(before);
    } finally {
      disk.remove();
    }
  });

  it("in a report, for one unreadable file among others", () => {
    put({ "locked/b.mid": midiBytes(randomMusic(2, 20)) });
    // Not even root can read what is not there.
    symlinkSync("gone", at("locked/a.mid"));
    const { refused } = JSON.parse(rubato("prepare", "locked", "--out", "locked-corpus", "--json").out);
    expect(refused).toMatchObject([
      { source: "a.mid", why: expect.stringContaining("there is no such file") },
    ]);
  });
});

describeWithData("MAESTRO", "maestro-v3.0.0", (maestro) => {
  it("has the pieces, the missing files and the events that an independent program counted", () => {
    const { code, out } = rubato("prepare", maestro, "--out", "maestro", "--json");
    expect(code).toBe(0);
    const { totals, missing, refused, warnings, split } = JSON.parse(out);
    expect({ missing, refused, split }).toEqual({
      missing: 177,
      refused: [],
      split: { by: "table", table: "maestro-v3.0.0.csv" },
    });
    expect([totals.train.pieces, totals.validation.pieces, totals.test]).toEqual([962, 137, undefined]);
    expect(Math.abs(totals.train.tokens / 22_885_880 - 1)).toBeLessThan(0.001);
    expect(Math.abs(totals.validation.tokens / 2_591_665 - 1)).toBeLessThan(0.001);
    expect([totals.train.notes, totals.validation.notes]).toEqual([5_659_329, 639_425]);
    expect(warnings).toBe(45);
  });
});
