/** @module `controllability`: whether a model does what it is told. */
export { type Controllability, type ControlReport, controllability } from "./controllability.ts";
export { type ControllabilityInput, controllabilitySchema } from "./options.ts";
