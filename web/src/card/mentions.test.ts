import { expect, test } from "vitest";
import { piecesOf, typedAt } from "./mentions";

const names = new Set(["ada", "grace.h", "żółw"]);

test.each([
  ["Thanks, @ada!", ["Thanks, ", "@ada", "!"]],
  ["@Ada. And @grace.h.", ["@Ada", ". And ", "@grace.h", "."]],
  ["(@ŻÓŁW)", ["(", "@ŻÓŁW", ")"]],
  ["ada@ada, @@ada, @adam, @ nobody", ["ada@ada, @@ada, @adam, @ nobody"]],
])("%s", (text, expected) => {
  expect(piecesOf(text, names).map((piece) => piece.text)).toEqual(expected);
});

test.each([
  ["Hello @a", { at: 6, people: ["ada", "Anna"] }],
  ["@", { at: 0, people: ["ada", "Anna", "max"] }],
  ["@ANN", { at: 0, people: ["Anna"] }],
  ["me@a", undefined],
  ["@ada ", undefined],
  ["@x", undefined],
])("typing %s", (text, expected) => {
  expect(typedAt(text, text.length, ["ada", "Anna", "max"])).toEqual(expected);
});
