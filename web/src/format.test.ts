import { expect, test, vi } from "vitest";
import { ago, dueOf, initials, milliseconds } from "./format";

vi.stubGlobal("navigator", { language: "en" });
const NOW = new Date(2026, 10, 27, 12, 0);

test.each([
  ["2026-11-26", "yesterday", "late"],
  ["2026-11-27", "today", "soon"],
  ["2026-11-28", "tomorrow", "soon"],
  ["2026-12-05", "Dec 5", "later"],
  ["2027-01-05", "Jan 5, 2027", "later"],
])("the day %s is %s", (day, text, state) => {
  expect(dueOf(day, true, NOW)).toEqual({ text, state });
});

test("a time is late as soon as it has passed", () => {
  const at = (hour: number) => dueOf(new Date(2026, 10, 27, hour).toISOString(), false, NOW);
  expect(at(11).state).toBe("late");
  expect(at(13)).toEqual({ text: "today, 01:00 PM", state: "soon" });
});

test("times that are past are told in the largest unit", () => {
  const before = (minutes: number) => ago(new Date(NOW.getTime() - minutes * 60_000).toISOString(), NOW);
  expect([before(0), before(5), before(125), before(3 * 1440)]).toEqual([
    "this minute",
    "5 minutes ago",
    "2 hours ago",
    "3 days ago",
  ]);
});

test("a duration is in milliseconds", () => {
  expect(milliseconds(4.2)).toBe("4 ms");
});

test("initials are of the parts of a name", () => {
  expect(["ada", "ada.lovelace", "жан-поль_сартр"].map(initials)).toEqual(["A", "AL", "ЖП"]);
});
