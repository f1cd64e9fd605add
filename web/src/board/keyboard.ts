// The board by keyboard: arrows walk among cards, and with Shift they move the card.

import { useCallback, useEffect, useRef, type KeyboardEvent, type RefObject } from "react";
import type { FullBoard, FullColumn, Task } from "../api";
import { say } from "../ui/toasts";
import { t } from "../words";
import type { Changes } from "./changes";
import { END, findTask, type Spot } from "./order";

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface Shown {
  column: FullColumn;
  tasks: Task[];
}

interface Options {
  board: FullBoard;
  shown: Shown[];
  area: RefObject<HTMLElement | null>;
  changes: Changes;
  mayMove: boolean;
}

/** The card that should have the focus as soon as it is there. */
let wanted: string | null = null;

/** Let the card with the focus have it also where it is drawn next. */
export function keepFocus(): void {
  const link = document.activeElement;
  if (link?.matches(".card-title")) wanted = link.closest<HTMLElement>("[data-task]")?.dataset["task"] ?? null;
}

/** Give the focus to a card that has just appeared, if it is the one. */
export function takeFocus(id: string, link: HTMLElement | null): void {
  if (wanted !== id || !link) return;
  wanted = null;
  link.focus();
}

export function useKeyboard({ board, shown, area, changes, mayMove }: Options) {
  const scrollTo = useRef(new Map<string, (id: string) => void>());

  const focus = useCallback(
    (column_id: string, id: string) => {
      wanted = id;
      const link = area.current?.querySelector<HTMLElement>(`[data-task="${id}"] .card-title`);
      if (link && link.closest(`[data-column="${column_id}"]`)) {
        wanted = null;
        link.focus();
      } else scrollTo.current.get(column_id)?.(id);
    },
    [area],
  );

  // A card that has moved is drawn anew, and has lost the focus; or it isn't in view.
  useEffect(() => {
    const column = wanted && findTask(board, wanted)?.column;
    if (wanted && column) focus(column.id, wanted);
  }, [board, focus]);

  function onKeyDown(event: KeyboardEvent): void {
    const card = (event.target as HTMLElement).closest<HTMLElement>("[data-task]");
    const step = STEPS[event.key];
    if (!card || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = card.dataset["task"];
    const column = shown.findIndex(({ tasks }) => tasks.some((task) => task.id === id));
    const tasks = shown[column]?.tasks ?? [];
    const index = tasks.findIndex((task) => task.id === id);
    const task = tasks[index];
    if (!task) return;
    event.preventDefault();
    const [across, down] = step;
    const beside = across ? nextColumn(shown, column, across, event.shiftKey) : shown[column];
    if (!beside) return;
    const next = across ? Math.min(index, beside.tasks.length - Number(!event.shiftKey)) : index + down;
    if (!event.shiftKey) {
      const other = beside.tasks[next];
      if (other) focus(beside.column.id, other.id);
    } else if (mayMove) {
      const neighbour = beside.tasks[next];
      if (!across && !neighbour) return;
      const spot: Spot = !neighbour ? END : down > 0 ? { after: neighbour.id } : { before: neighbour.id };
      wanted = task.id;
      changes.moveTask(board, task.id, { column_id: beside.column.id, ...spot });
      say(t.movedToPlace(task.title, beside.column.title, next + 1));
    }
  }

  return { onKeyDown, scrollTo: scrollTo.current };
}

/** The column beside; when walking, the next one that has cards. */
function nextColumn(shown: Shown[], from: number, step: number, orEmpty: boolean): Shown | undefined {
  for (let at = from + step; at >= 0 && at < shown.length; at += step)
    if (orEmpty || shown[at]?.tasks.length) return shown[at];
  return undefined;
}
