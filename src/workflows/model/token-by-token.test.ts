import { expect, it } from "vitest";
import { categorical } from "../../models/outcome.ts";
import { expectTokenByToken } from "./token-by-token.ts";

it("tells models that predict token after token from others, in one sentence", () => {
  const one = { outcome: categorical(5) };
  const several = { outcome: { ...categorical(5), fields: 4 } };
  expect(() => expectTokenByToken("melodist", one)).not.toThrow();
  expect(() => expectTokenByToken("melodist", several)).toThrow(
    /^found model melodist, which predicts 4 tokens at once, expected one/,
  );
});
