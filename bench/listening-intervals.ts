/**
 * @file How often the intervals of `rubato listen-test --results` hold the truth, of listeners who are drawn at random.
 *
 *     npx tsx bench/listening-intervals.ts
 *
 * Each listener prefers the first system with a probability of their own, uniform around 0.6, and finds no difference in 15 of
 * 100 pairs; intervals of 95 %, 20 answers of each listener.
 */
import { createRandom } from "rubato";
import { preferenceOf } from "rubato/evaluation";

const experiments = 2000;
const answersEach = 20;
const [preference, ties] = [0.6, 0.15];
const truth = ties / 2 + (1 - ties) * preference;

console.log("listeners  differ by  holds %  width");
for (const spread of [0, 0.1, 0.2]) {
  for (const listeners of [1, 2, 4, 6, 8, 12, 20]) {
    const random = createRandom(`${listeners} ${spread}`);
    let held = 0;
    let width = 0;
    for (let i = 0; i < experiments; i++) {
      const answers = Array.from({ length: listeners }, () => {
        // Uniform, with that standard deviation.
        const own = preference + spread * Math.sqrt(3) * (2 * random.next() - 1);
        return Array.from({ length: answersEach }, () =>
          random.next() < ties ? 0.5 : Number(random.next() < own),
        );
      });
      const { low, high } = preferenceOf(answers, {
        resamples: 500,
        confidence: 0.95,
        random: random.fork(i),
      });
      if (low <= truth && truth <= high) held++;
      width += (high - low) / experiments;
    }
    const columns = [listeners, spread.toFixed(1), ((100 * held) / experiments).toFixed(1), width.toFixed(2)];
    console.log(columns.map((each, k) => String(each).padStart([9, 9, 7, 5][k])).join("  "));
  }
}
