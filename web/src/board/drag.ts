// Dragging by mouse and touch. The keyboard's way is in keyboard.ts.

import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { attachClosestEdge, extractClosestEdge, type Edge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
  type ElementDropTargetEventPayloadMap,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { FullBoard } from "../api";
import type { Changes } from "./changes";
import { END, type Spot } from "./order";

type Kind = "task" | "column" | "subtask";
type Data = Record<string | symbol, unknown> & { kind?: Kind; id?: string; column_id?: string };

interface Options {
  id: string;
  kind: Kind;
  column_id: string;
  /** What is taken and seen moving, by which part of it, and where others can be dropped on it. */
  element: RefObject<HTMLElement | null>;
  handle?: RefObject<HTMLElement | null>;
  target: RefObject<HTMLElement | null>;
  disabled: boolean;
}

/** Make a card or a column one that can be dragged, and dropped beside. */
export function useDrag({ id, kind, column_id, element, handle, target, disabled }: Options) {
  const [edge, setEdge] = useState<Edge | null>(null);
  const [isDragged, setDragged] = useState(false);

  useEffect(() => {
    if (disabled || !element.current || !target.current) return;
    const data: Data = { kind, id, column_id };
    const allowedEdges: Edge[] = kind === "column" ? ["left", "right"] : ["top", "bottom"];
    function showEdge({ self, source }: ElementDropTargetEventPayloadMap["onDrag"]): void {
      setEdge(source.data["id"] === id ? null : extractClosestEdge(self.data));
    }
    return combine(
      draggable({
        element: element.current,
        ...(handle?.current && { dragHandle: handle.current }),
        getInitialData: () => data,
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element: target.current,
        canDrop: ({ source }) => source.data["kind"] === kind,
        getData: ({ input, element }) => attachClosestEdge(data, { input, element, allowedEdges }),
        onDrag: showEdge,
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [id, kind, column_id, disabled, element, handle, target]);

  return { edge, isDragged };
}

/** Let cards be dropped anywhere in a column: they go to its end. */
export function useColumnTarget(column_id: string, area: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>, disabled: boolean): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (disabled || !area.current || !list.current) return;
    const data: Data = { column_id };
    return combine(
      dropTargetForElements({
        element: area.current,
        canDrop: ({ source }) => source.data["kind"] === "task",
        getData: () => data,
        onDrag: ({ self, location }) => setOver(location.current.dropTargets[0]?.element === self.element),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
      autoScrollForElements({ element: list.current, canScroll: ({ source }) => source.data["kind"] === "task" }),
    );
  }, [column_id, area, list, disabled]);
  return isOver;
}

/** Move what is dropped. */
export function useDrops(board: FullBoard | undefined, changes: Changes, area: RefObject<HTMLElement | null>): void {
  const latest = useRef({ board, changes });
  latest.current = { board, changes };
  const isThere = Boolean(board);
  useEffect(() => {
    if (!isThere || !area.current) return;
    return combine(
      autoScrollForElements({ element: area.current }),
      monitorForElements({
        onDrop: ({ source, location }) => {
          const { board, changes } = latest.current;
          const dropped: Data = source.data;
          const target = location.current.dropTargets[0];
          if (!board || !target || !dropped.id || dropped.kind === "subtask") return;
          const onto: Data = target.data;
          if (onto.id === dropped.id) return;
          const spot = spotBeside(onto.id, extractClosestEdge(target.data));
          if (dropped.kind === "column") changes.moveColumn(dropped.id, spot);
          else if (onto.column_id) changes.moveTask(board, dropped.id, { column_id: onto.column_id, ...spot });
        },
      }),
    );
  }, [isThere, area]);
}

/** Move what is dropped in the checklist of a card. */
export function useSubtaskDrops(task_id: string, move: (id: string, to: Spot) => void): void {
  const latest = useRef(move);
  latest.current = move;
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data["kind"] === "subtask" && source.data["column_id"] === task_id,
        onDrop: ({ source, location }) => {
          const onto: Data | undefined = location.current.dropTargets[0]?.data;
          const { id }: Data = source.data;
          if (id && onto?.id && onto.id !== id) latest.current(id, spotBeside(onto.id, extractClosestEdge(onto)));
        },
      }),
    [task_id],
  );
}

function spotBeside(id: string | undefined, edge: Edge | null): Spot {
  if (!id || !edge) return END;
  return edge === "top" || edge === "left" ? { before: id } : { after: id };
}
