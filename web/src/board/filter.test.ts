import { expect, test, vi } from "vitest";
import type { Task } from "../api";
import { EVERYTHING, shows, type Filter } from "./filter";

vi.stubGlobal("navigator", { language: "en" });
const NOW = new Date(2026, 10, 27, 12, 0);

function task(fields: Partial<Task>): Task {
  return { title: "Press release", description: "For the Première", label_ids: [], assignee_ids: [], status: "TODO", due_date: null, due_is_day: true, ...fields } as Task;
}

test.each<[Partial<Filter>, Partial<Task>, boolean]>([
  [{}, {}, true],
  [{ text: "RELEASE press" }, {}, true],
  [{ text: "première" }, {}, true],
  [{ text: "press quote" }, {}, false],
  [{ label: "a" }, { label_ids: ["b", "a"] }, true],
  [{ label: "a" }, { label_ids: ["b"] }, false],
  [{ label: "none" }, { label_ids: ["b"] }, false],
  [{ person: "none" }, {}, true],
  [{ due: "late" }, { due_date: "2026-11-26" }, true],
  [{ due: "late" }, { due_date: "2026-11-26", status: "DONE" }, false],
  [{ due: "late" }, { due_date: "2026-11-27" }, false],
  [{ due: "today" }, { due_date: "2026-11-27" }, true],
  [{ due: "today" }, { due_date: "2026-11-28" }, false],
  [{ due: "week" }, { due_date: "2026-12-03" }, true],
  [{ due: "week" }, { due_date: "2026-12-04" }, false],
  [{ due: "none" }, {}, true],
  [{ due: "none" }, { due_date: "2026-12-04" }, false],
])("%o shows %o: %s", (filter, fields, expected) => {
  expect(shows({ ...EVERYTHING, ...filter }, task(fields), NOW)).toBe(expected);
});
