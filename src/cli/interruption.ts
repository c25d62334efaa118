/** @file Ctrl-C and a polite kill, as a signal: the work stops at a good place. Asked twice, it stops at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  release(): void;
}

const names = ["SIGINT", "SIGTERM"] as const;

export function interruption(): Interruption {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nstopping after this update; once more to stop at once\n");
    controller.abort();
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
