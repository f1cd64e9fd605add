import { expect, test } from "vitest";
import type { FullBoard } from "../api";
import { END, withColumnMoved, withTask, withTaskMoved, type TaskPlace } from "./order";

function boardOf(columns: Record<string, string>): FullBoard {
  const made = Object.entries(columns).map(([id, tasks]) => ({
    id,
    tasks: [...tasks].map((task) => ({ id: task, column_id: id })),
  }));
  return { columns: made } as unknown as FullBoard;
}

function shown(board: FullBoard): Record<string, string> {
  return Object.fromEntries(board.columns.map(({ id, tasks }) => [id, tasks.map((task) => task.id).join("")]));
}

const board = boardOf({ todo: "abc", doing: "de", done: "" });

test.each<[string, TaskPlace, Record<string, string>]>([
  ["a", { column_id: "todo", after: "b" }, { todo: "bac", doing: "de", done: "" }],
  ["c", { column_id: "todo", before: "a" }, { todo: "cab", doing: "de", done: "" }],
  ["a", { column_id: "todo", ...END }, { todo: "bca", doing: "de", done: "" }],
  ["b", { column_id: "doing", before: "e" }, { todo: "ac", doing: "dbe", done: "" }],
  ["b", { column_id: "done", position: 0 }, { todo: "ac", doing: "de", done: "b" }],
  ["b", { column_id: "doing", after: "gone" }, { todo: "ac", doing: "deb", done: "" }],
  ["x", { column_id: "doing", position: 0 }, shown(board)],
])("card %s moves to %o", (id, place, expected) => {
  expect(shown(withTaskMoved(board, id, place))).toEqual(expected);
});

test("a move leaves the other columns as they are, so that they aren't drawn anew", () => {
  const moved = withTaskMoved(board, "a", { column_id: "doing", position: 0 });
  expect(moved.columns[2]).toBe(board.columns[2]);
});

test("columns move, and cards go", () => {
  expect(Object.keys(shown(withColumnMoved(board, "done", { before: "todo" })))).toEqual(["done", "todo", "doing"]);
  expect(shown(withTask(board, "b", () => null))).toEqual({ todo: "ac", doing: "de", done: "" });
});
