// Where cards and columns are, as the server would put them: what a move shows before its answer.

import type { FullBoard, FullColumn, Task } from "../api";

/** A place among siblings, as the API takes it. Beyond the last position is the end. */
export type Spot = { before: string } | { after: string } | { position: number };
export type TaskPlace = Spot & { column_id: string };

export const END: Spot = { position: 2_147_483_647 };

export function findTask(board: FullBoard, id: string): { task: Task; column: FullColumn; index: number } | undefined {
  for (const column of board.columns) {
    const index = column.tasks.findIndex((task) => task.id === id);
    const task = column.tasks[index];
    if (task) return { task, column, index };
  }
  return undefined;
}

/** The items with one more at a spot among them. */
function inserted<T extends { id: string }>(items: T[], item: T, spot: Spot): T[] {
  const neighbour = "before" in spot ? spot.before : "after" in spot ? spot.after : undefined;
  const beside = items.findIndex(({ id }) => id === neighbour);
  const index = "position" in spot ? spot.position : beside < 0 ? items.length : beside + Number("after" in spot);
  return items.toSpliced(index, 0, item);
}

export function withTaskMoved(board: FullBoard, id: string, place: TaskPlace): FullBoard {
  const found = findTask(board, id);
  if (!found) return board;
  const task = { ...found.task, column_id: place.column_id };
  const columns = board.columns.map((column) => {
    const others = column === found.column ? column.tasks.filter((each) => each.id !== id) : column.tasks;
    const tasks = column.id === place.column_id ? inserted(others, task, place) : others;
    return tasks === column.tasks ? column : { ...column, tasks };
  });
  return { ...board, columns };
}

export function withColumnMoved(board: FullBoard, id: string, spot: Spot): FullBoard {
  return { ...board, columns: withItemMoved(board.columns, id, spot) };
}

export function withItemMoved<T extends { id: string }>(items: T[], id: string, spot: Spot): T[] {
  const item = items.find((each) => each.id === id);
  const others = items.filter((each) => each.id !== id);
  return item ? inserted(others, item, spot) : items;
}

export function withTask(board: FullBoard, id: string, change: (task: Task) => Task | null): FullBoard {
  const found = findTask(board, id);
  if (!found) return board;
  const changed = change(found.task);
  const tasks = found.column.tasks.toSpliced(found.index, 1, ...(changed ? [changed] : []));
  return withColumn(board, found.column.id, (column) => ({ ...column, tasks }));
}

export function withColumn(
  board: FullBoard,
  id: string,
  change: (column: FullColumn) => FullColumn | null,
): FullBoard {
  const columns = board.columns.map((each) => (each.id === id ? change(each) : each)).filter((each) => each !== null);
  return { ...board, columns };
}
