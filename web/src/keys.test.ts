import { expect, test } from "vitest";
import { isKey } from "./keys";

test.each([
  ["z", "KeyZ", true],
  ["Z", "KeyZ", true],
  ["я", "KeyZ", true],
  ["z", "KeyY", true], // QWERTZ
  ["y", "KeyZ", false],
  ["н", "KeyY", false],
  ["Dead", "KeyZ", false],
])("the key %s of %s", (key, code, expected) => {
  expect(isKey({ key, code }, "z")).toBe(expected);
});
