/** @file Text in markup stays text. */
import { expect, it } from "vitest";
import { escapeMarkup } from "./markup.ts";

it("leaves no sign that could begin or end markup", () => {
  expect(escapeMarkup(`<b title="x">Tom & Jerry's</b>`)).toBe(
    "&lt;b title=&quot;x&quot;&gt;Tom &amp; Jerry&#39;s&lt;/b&gt;",
  );
  expect(escapeMarkup("Für Elise")).toBe("Für Elise");
});
