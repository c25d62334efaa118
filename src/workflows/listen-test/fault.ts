/** @file What is wrong with a JSON document, as part of a sentence. */
import type { z } from "zod";

/** @param json undefined where the text was no JSON */
export function faultOf(json: unknown, { issues: [issue] }: z.ZodError): string {
  if (json === undefined) return "which is not JSON";
  const path = issue.path.map(String).join(".");
  return path === ""
    ? `which is not one (${issue.message})`
    : `whose ${path} is not as it should be (${issue.message})`;
}
