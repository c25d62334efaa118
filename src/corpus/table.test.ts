/** @file Tables of data sets as they are published, and as they arrive broken. */
import { describe, expect, it } from "vitest";
import { parseTable } from "./table.ts";

const header = "canonical_composer,canonical_title,split,year,midi_filename,audio_filename,duration";

describe("MAESTRO's table", () => {
  it("has quoted commas, doubled quotes and letters beyond ASCII", () => {
    const table = parseTable(
      "maestro-v3.0.0.csv",
      `\uFEFF${header}\r\n"Frédéric Chopin","Étude, ""Tristesse"", Op. 10",validation,2004,2004/a.midi,2004/a.wav,12.5\r\n`,
    );
    expect(table?.hasSplits).toBe(true);
    expect(table?.rows).toMatchObject([
      {
        file: "2004/a.midi",
        composer: "Frédéric Chopin",
        title: 'Étude, "Tristesse", Op. 10',
        split: "validation",
        seconds: 12.5,
      },
    ]);
  });

  it("is refused without its columns, with a split nobody knows, or cut off inside a cell", () => {
    expect(() => parseTable("x/maestro-v3.0.0.csv", "a,b\n1,2\n")).toThrow(
      "without the columns midi_filename and split",
    );
    expect(() =>
      parseTable("maestro-v3.0.0.csv", `${header}\nBach,Fuge,training,2004,a.mid,a.wav,1\n`),
    ).toThrow('found split "training" in maestro-v3.0.0.csv, line 2, expected train, validation or test');
    expect(() => parseTable("maestro-v3.0.0.csv", `${header}\n"Bach,Fuge,train,2004,a.mid`)).toThrow(
      "found a damaged table",
    );
  });
});

describe("other tables", () => {
  it("Groove's has the official split", () => {
    const text =
      "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n" +
      "drummer1,s,drummer1/s/1,funk/groove1,138,beat,4-4,drummer1/s/1.mid,drummer1/s/1.wav,27.8,test\n";
    expect(parseTable("info.csv", text)).toMatchObject({
      hasSplits: true,
      rows: [{ file: "drummer1/s/1.mid", split: "test" }],
    });
  });

  it("MusicNet's goes by number and has no split", () => {
    const text =
      '"id","composer","composition","movement","seconds"\n1727,"Schubert","Piano Quintet","2. Andante",447\n';
    expect(parseTable("musicnet_metadata.csv", text)).toMatchObject({
      hasSplits: false,
      rows: [{ id: "1727", composer: "Schubert", seconds: 447 }],
    });
  });

  it("about something else are none", () => {
    expect(parseTable("prices.csv", "item,price\npiano,12000\n")).toBeUndefined();
    expect(parseTable("empty.csv", "")).toBeUndefined();
  });
});
