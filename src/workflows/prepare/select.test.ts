import { describe, expect, it } from "vitest";
import { CorpusError } from "../../corpus/error.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { UsageError } from "../../util/errors.ts";
import { filterComposers } from "./filter.ts";
import { selectFiles } from "./select.ts";

async function select(files: Readonly<Record<string, string>>, path = "in") {
  const inside = Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text]));
  return selectFiles(await memoryPlatform({ files: inside }).open("in"), path);
}

async function lines(files: Readonly<Record<string, string>>, path?: string): Promise<string[]> {
  const { files: selected } = await select(files, path);
  return selected.map(({ file, label, composer, title, split }) =>
    [file.path, label, composer, title, split ?? "-"].join(" | "),
  );
}

const maestro = (...rows: string[]) =>
  ["canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration", ...rows].join("\n");

describe("MIDI files", () => {
  it("are known by their endings, in any case, at any depth", async () => {
    const names = ["A.MID", "b.midi", "c/d/e.Kar", "f.rmi", "g.mid.gz", "h.KAR.GZ"];
    const others = ["i.txt", "j.mid.zip", "k.midx", "mid", "c/._e.kar", "__MACOSX/b.midi", "l.gz"];
    const { files } = await select(Object.fromEntries([...names, ...others].map((name) => [name, ""])));
    expect(files.map(({ file }) => file.path)).toEqual([...names].sort());
  });

  it("must be there", async () => {
    await expect(select({ "a.txt": "", "b.mp3": "" })).rejects.toThrow(CorpusError);
    await expect(select({ "a.txt": "", "b.mp3": "" })).rejects.toThrow(
      "found no MIDI file among 2 files in in, expected .mid, .midi, .kar or .rmi",
    );
  });

  it("are labelled by their folders, but for one that only wraps an archive", async () => {
    const files = { "songs/bach/a.mid": "", "songs/b.mid": "" };
    expect(await lines(files)).toEqual([
      "songs/b.mid | songs | songs | b | -",
      "songs/bach/a.mid | songs/bach | songs | a | -",
    ]);
    expect(await lines(files, "my/songs.zip")).toEqual([
      "songs/b.mid |  |  | b | -",
      "songs/bach/a.mid | bach | bach | a | -",
    ]);
  });
});

describe("MAESTRO's table", () => {
  const table = maestro(
    'Claude Debussy,"Préludes, ""La fille""",train,2004,2004/a.midi,x,10',
    "Franz Liszt,Sonata,validation,2006,2006/B.midi,x,20",
    "Franz Liszt,Étude,test,2006,2006/Étude.midi,x,30",
  );

  it("names composers, titles and splits, whatever the case and the ending of a file, and what is missing", async () => {
    // The accent is a character of its own, as some systems write it.
    const files = {
      "maestro-v3.0.0.csv": table,
      "2004/A.MID": "",
      "2006/E\u0301tude.midi.gz": "",
      "2006/z.mid": "",
    };
    expect(await lines(files)).toEqual([
      '2004/A.MID | 2004 | Claude Debussy | Préludes, "La fille" | train',
      "2006/E\u0301tude.midi.gz | 2006 | Franz Liszt | Étude | test",
    ]);
    expect(await select(files)).toMatchObject({ missing: ["2006/B.midi"], unlisted: ["2006/z.mid"] });
  });

  it("may lie one folder down, as in the archive, and rules that folder", async () => {
    const files = { "maestro/maestro-v3.0.0.csv": table, "maestro/2004/a.midi": "", "elsewhere/c.mid": "" };
    expect(await lines(files)).toEqual([
      'maestro/2004/a.midi | 2004 | Claude Debussy | Préludes, "La fille" | train',
    ]);
    expect(await select(files)).toMatchObject({ unlisted: ["elsewhere/c.mid"] });
  });

  it("has to match", async () => {
    await expect(select({ "maestro-v3.0.0.csv": table, "a.mid": "" })).rejects.toThrow(
      "found maestro-v3.0.0.csv, which lists 3 files, and none of them in in: unpack the MIDI files",
    );
  });
});

describe("other tables", () => {
  it("that go by number name the files whose names begin with it", async () => {
    const files = {
      "meta.csv": "id,composer,composition\n1727,Schubert,Quintet\n1728,Schubert,Quintet\n1800,Bach,Suite\n",
      "Schubert/1727_qtt.mid": "",
      "Bach/other.mid": "",
      "1800.mid": "",
    };
    expect(await lines(files)).toEqual([
      "1800.mid |  | Bach | Suite | -",
      "Bach/other.mid | Bach | Bach | other | -",
      "Schubert/1727_qtt.mid | Schubert | Schubert | Quintet | -",
    ]);
    expect((await select(files)).missing).toEqual(["1728"]);
  });

  it("about something else are passed over", async () => {
    const expected = { table: undefined, missing: [], unlisted: [] };
    expect(await select({ "a.mid": "", "prices.csv": "item,price\npiano,1\n" })).toMatchObject(expected);
    expect(
      await select({ "a.mid": "", "mp3.csv": "filename,artist,title\nx.mp3,Bach,Fuge\n" }),
    ).toMatchObject(expected);
    expect(await select({ "a.mid": "", "deep/er/maestro-v3.csv": "not even csv" })).toMatchObject(expected);
  });
});

describe("--composer", () => {
  const names = [
    "Frédéric Chopin",
    "Claude Debussy",
    "Franz Liszt",
    "Franz Schubert",
    "Maurice Ravel",
    "Erik Satie",
    "Bach",
  ];
  const chosen = async (...words: string[]) => {
    const { files } = await select(Object.fromEntries(names.map((name) => [`${name}/x.mid`, ""])));
    return filterComposers(files, words).map(({ composer }) => composer);
  };

  it("takes parts of names in any case, with or without accents, and several", async () => {
    expect(await chosen()).toHaveLength(7);
    expect(await chosen("frederic")).toEqual(["Frédéric Chopin"]);
    expect(await chosen("FRANZ")).toEqual(["Franz Liszt", "Franz Schubert"]);
    expect(await chosen("ravél", "bach")).toEqual(["Bach", "Maurice Ravel"]);
  });

  it("says which five are nearest to a name nobody has, even beside one that is there", async () => {
    await expect(chosen("bach", "debusy")).rejects.toThrow(UsageError);
    await expect(chosen("bach", "debusy")).rejects.toThrow(
      /^found no composer like "debusy"; the nearest are Claude Debussy(, [^,]+){4} \(`--list` shows all\)$/,
    );
  });

  it("says where there are no composers at all", async () => {
    const { files } = await select({ "a.mid": "" });
    expect(() => filterComposers(files, ["bach"])).toThrow(
      'found no composers in this source, expected "bach"',
    );
  });
});
