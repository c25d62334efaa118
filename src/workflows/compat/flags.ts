/** @file Flags of other people's programs: what they are called, what they take, what they mean, what is usual there. */
import { z } from "zod";

/** What reading a line has to know of a flag; it travels with the flag's schema. */
const flagSchema = z.object({
  /** With their dashes; "-" and "_" within a name are the same. */
  names: z.array(z.string()).min(1).readonly(),
  /** A value; nothing, being a switch; or a value only where the next word is none of the line's flags. */
  takes: z.enum(["value", "nothing", "either"]),
  /** What its README says is usual, in words. */
  usual: z.string(),
  description: z.string(),
});

export type Flag = z.output<typeof flagSchema>;

const about = (takes: Flag["takes"], names: readonly string[], usual: string, description: string) => ({
  names: [...names],
  takes,
  usual,
  description,
});

export const text = (names: readonly string[], usual: string, does: string) =>
  z
    .string()
    .optional()
    .meta(about("value", names, usual, does));

export const integer = (names: readonly string[], usual: string, does: string) =>
  z
    .string()
    .regex(/^[+-]?\d+$/, "expected a whole number")
    .transform(Number)
    .optional()
    .meta(about("value", names, usual, does));

export const number = (names: readonly string[], usual: string, does: string) =>
  z
    .string()
    .regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "expected a number")
    .transform(Number)
    .optional()
    .meta(about("value", names, usual, does));

export const toggle = (names: readonly string[], does: string, usual = "off") =>
  z
    .boolean()
    .optional()
    .meta(about("nothing", names, usual, does));

/** With a value where the next word can be one, else a switch. */
export const either = (names: readonly string[], usual: string, does: string) =>
  z
    .union([z.string(), z.boolean()])
    .optional()
    .meta(about("either", names, usual, does));

/** The flags of a program by the keys of its schema. */
export function flagsOf(schema: z.ZodObject): ReadonlyMap<string, Flag> {
  return new Map(
    Object.entries(schema.shape).map(([key, each]) => [key, flagSchema.parse(z.globalRegistry.get(each))]),
  );
}
