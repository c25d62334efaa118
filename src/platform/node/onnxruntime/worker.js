/**
 * @file In the sources, what session.ts starts: Node's threads do not inherit the loader of the thread that starts
 * them. In dist/ the compiled worker.ts is in this place.
 */
import { tsImport } from "tsx/esm/api";

await tsImport("./worker.ts", import.meta.url);
