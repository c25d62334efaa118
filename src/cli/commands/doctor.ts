/** @file `rubato doctor`. */
import { type Diagnosis, doctor, doctorSchema, type ProviderReport } from "../../workflows/doctor/index.ts";
import { type Colors, defineCommand } from "../command.ts";

export default defineCommand({
  name: "doctor",
  summary: "say what this machine computes with, how fast, and whether its gradients are right",
  positional: [],
  schema: doctorSchema,
  examples: [
    { line: "rubato doctor", does: "providers, speed, and a gradient check of each" },
    { line: "rubato doctor --threads 4", does: "measure with four threads, beside one" },
    { line: "rubato doctor --json", does: "the same for other programs" },
  ],
  async run(options, { platform, color }) {
    const diagnosis = await doctor(platform, options);
    return { json: diagnosis, lines: layOut(diagnosis, color), exitCode: diagnosis.passed ? 0 : 1 };
  },
});

function layOut({ machine, cores, providers, passed }: Diagnosis, color: Colors): readonly string[] {
  return [
    machine,
    `${cores} threads at once`,
    "",
    ...providers.flatMap((provider) => layOutProvider(provider, color)),
    "",
    passed
      ? "Training can begin."
      : "The default provider does not pass: training would learn something else.",
  ];
}

function layOutProvider(
  { runtime, provider, passed, reason, gradients, speed }: ProviderReport,
  color: Colors,
) {
  const verdict = passed ? color.green("PASS") : color.red("FAIL");
  const checks = gradients.map(({ model, worst }) => `${model} ${worst.toExponential(0)}`).join(", ");
  const speeds = speed.map(
    ({ threads, gflops }) =>
      `${Math.round(gflops)} GFLOP/s with ${threads} ${threads === 1 ? "thread" : "threads"}`,
  );
  return [
    `${verdict}  ${color.bold(`${runtime} ${provider}`)}`,
    ...(reason === undefined ? [] : [`      ${reason}`]),
    ...(checks === "" ? [] : [`      gradients off by: ${checks}`]),
    ...(speeds.length === 0 ? [] : [`      products of matrices: ${speeds.join(", ")}`]),
  ];
}
