/** @file Two tunes in the public domain, encoded by ourselves, as somebody might play them. */
import { createPerformance, type Performance } from "../../src/music/index.ts";

/** Beethoven 1824: the melody in the right hand, a bass in the left, no pedal; the phrases swell a little. */
export const odeToJoy: Performance = createPerformance({
  instruments: [
    { name: "Right hand", program: 0, isDrum: false, channel: 0 },
    { name: "Left hand", program: 0, isDrum: false, channel: 0 },
  ],
  notes: [
    ...line(
      "64 64 65 67  67 65 64 62  60 60 62 64  64:1.5 62:0.5 62:2  64 64 65 67  67 65 64 62  60 60 62 64  62:1.5 60:0.5 60:2",
      0,
    ),
    ...line("48:4 43:4 45:4 43:4 48:4 43:4 45:4 48:4", 1),
  ],
});

/** Quarters of half a second, held for nine tenths of their length. */
function line(melody: string, instrument: number) {
  let quarter = 0;
  return melody.split(/ +/).map((word) => {
    const [pitch, quarters = 1] = word.split(":").map(Number);
    const start = quarter * 0.5;
    quarter += quarters;
    const swell = Math.round(12 * Math.sin((Math.PI * (start % 8)) / 8));
    return { start, end: start + quarters * 0.45, pitch, velocity: 60 - 12 * instrument + swell, instrument };
  });
}

const chords = [
  [60, 64, 67, 72, 76],
  [60, 62, 69, 74, 77],
  [59, 62, 67, 74, 77],
  [60, 64, 67, 72, 76],
  [60, 64, 69, 76, 81],
  [60, 62, 66, 69, 74],
  [59, 62, 67, 74, 79],
  [59, 60, 64, 67, 72],
];

/** Seconds: the last two bars broaden. */
const sixteenth = (bar: number) => (bar < chords.length - 2 ? 0.2 : 0.25);
const barStart = (bar: number) =>
  Array.from({ length: bar }, (_, earlier) => 16 * sixteenth(earlier)).reduce((sum, each) => sum + each, 0);

/** Bach 1722, BWV 846: its first bars as broken chords, half pedalled anew for each, slowing down at the end. */
export const preludeInC: Performance = createPerformance({
  notes: chords.flatMap((chord, bar) =>
    [0, 1].flatMap((half) => {
      const begin = barStart(bar) + half * 8 * sixteenth(bar);
      const order = [0, 1, 2, 3, 4, 2, 3, 4];
      return order.map((voice, i) => {
        const start = begin + i * sixteenth(bar);
        // The two lower voices are held through the half bar, as they are written.
        const end = voice < 2 ? begin + 8 * sixteenth(bar) : start + sixteenth(bar);
        return { start, end, pitch: chord[voice], velocity: 52 + 3 * voice + bar };
      });
    }),
  ),
  pedals: chords.flatMap((_, bar) => [
    { time: barStart(bar), controller: 64, value: 0 },
    { time: barStart(bar) + 0.05, controller: 64, value: 90 },
    { time: barStart(bar) + 0.25, controller: 64, value: 127 },
  ]),
});
