/** @module Doctor: what this machine can compute with. */
export { type Diagnosis, doctor, doctorSchema, type ProviderReport } from "./doctor.ts";
