/** @module Generation: models that go on from what they have heard. */
export { ContextError, createMemory, type Memory } from "./memory.ts";
export { openSampler, type Sampler, type SamplerOptions } from "./sampler.ts";
export { openStepper, type Stepper, type StepperOptions } from "./stepper.ts";
