// `npm start`: a minute of music by the model that ships, as MIDI and as sound, with what to try next.
import { fileURLToPath } from "node:url";
import { runAll } from "./commands.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
runAll([["generate", "--seconds", "60", "--output", "output", "--wav", "--plot"]]);
console.log(`
Next:

  npx rubato generate --temperature 1 --samples 4 --mp3      bolder, four of them, as MP3
  npx rubato generate --primer song.mid --primer-notes 25    go on from your own music
  npx rubato train folder-of-midi-files --from piano         tune the model to your own music
  npm run demo                                               a model from nothing, in three minutes
  npx rubato --help                                          all the rest`);
