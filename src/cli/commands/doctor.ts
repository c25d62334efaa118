/** @file `rubato doctor`. */
import { deviceNames } from "../../workflows/device/index.ts";
import { type Diagnosis, doctor, doctorSchema, type ProviderReport } from "../../workflows/doctor/index.ts";
import { type Colors, defineCommand } from "../command.ts";
import { version } from "../version.ts";

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
    const lines = [`rubato ${version()}`, ...layOut(diagnosis, color)];
    return { json: { version: version(), ...diagnosis }, lines, exitCode: diagnosis.passed ? 0 : 1 };
  },
});

const deviceWidth = Math.max(...deviceNames.map((name) => name.length));

function layOut({ machine, cores, providers, devices, passed }: Diagnosis, color: Colors): readonly string[] {
  return [
    machine,
    `${cores} threads at once`,
    "",
    ...providers.flatMap((provider) => layOutProvider(provider, color)),
    "",
    "devices, for --device:",
    ...devices.map(({ device, provider, remedy }) =>
      provider === undefined
        ? `  ${device.padEnd(deviceWidth)}  not here: ${remedy}`
        : `  ${device.padEnd(deviceWidth)}  here (${provider})`,
    ),
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
