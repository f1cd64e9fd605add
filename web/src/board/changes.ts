// Changes of a board: shown at once, sent one after another, and put back if the server refuses.

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { $api, api, newKey, ok, problemOf, reason, type BoardEvent, type Column, type FullBoard, type Task, type TaskPatch } from "../api";
import { pageOf } from "../requests";
import { useMe } from "../session/me";
import { say, show } from "../ui/toasts";
import { t } from "../words";
import { keepFocus } from "./keyboard";
import * as order from "./order";
import type { Spot, TaskPlace } from "./order";
import { forget, isRemembered, lastOn, remember, type Step } from "./undo";

export function boardKey(board_id: string) {
  return $api.queryOptions("get", "/api/boards/{board_id}/full", { params: { path: { board_id } } }).queryKey;
}

interface Change {
  /** The board as it will be. */
  sketch?: (board: FullBoard) => FullBoard;
  /** With headers by which the change is made once, however often it is sent. */
  send: (headers: Record<string, string>) => Promise<unknown>;
  headers: Record<string, string>;
}

/** Without an answer, or one that says to come back, a change is sent again. */
function sendAgain(failures: number, error: unknown): boolean {
  const status = problemOf(error)?.status;
  return failures < 5 && (status === undefined || status === 503);
}

/** Return a function that sends a change of a board, and resolves when the server has made it. */
function useSend(boardId: string) {
  const queries = useQueryClient();
  const { mutateAsync } = useMutation({
    // One after another, so that the server sees them in the order in which they were made.
    // While there is no connection they wait, and are sent when there is one.
    scope: { id: boardId },
    mutationFn: (change: Change) => change.send(change.headers),
    retry: sendAgain,
    onMutate: async ({ sketch }) => {
      if (!sketch) return undefined;
      await queries.cancelQueries({ queryKey: boardKey(boardId) });
      const before = queries.getQueryData<FullBoard>(boardKey(boardId));
      if (before) queries.setQueryData(boardKey(boardId), sketch(before));
      return before;
    },
    onError: (error, _, before) => {
      if (before) queries.setQueryData(boardKey(boardId), before);
      show(reason(error), { isError: true });
    },
    // Not waited for, so that the next change can be sent.
    onSettled: () => void refresh(queries, boardId, 1),
  });
  return useCallback(
    (sketch: Change["sketch"], send: Change["send"], requestId = newKey()) =>
      mutateAsync({ ...(sketch && { sketch }), send, headers: { "Idempotency-Key": newKey(), "X-Request-ID": requestId } }),
    [mutateAsync],
  );
}

/** Return a function that changes a board, with a message once it is made. It can be undone. */
export function useChange(boardId: string) {
  const send = useSend(boardId);
  const { undo } = useUndo(boardId);
  return useCallback(
    async (sketch: Change["sketch"], request: Change["send"], message?: string) => {
      const step: Step = { boardId, requestId: newKey() };
      // Not only once it is made: whoever takes it back before then waits for it.
      remember(step);
      try {
        const answer = await send(sketch, request, step.requestId);
        if (message && isRemembered(step)) step.toast = show(message, { action: { label: t.undo, run: () => undo(step) } });
        return answer;
      } catch (error) {
        forget(step);
        throw error;
      }
    },
    [boardId, send, undo],
  );
}

/** Return functions that take changes back. The server refuses what others have changed since. */
export function useUndo(boardId: string) {
  const send = useSend(boardId);
  const me = useMe().data?.id ?? "";
  return useMemo(() => {
    function undo(step: Step): void {
      forget(step);
      void send(undefined, async (headers) => {
        const ids = await eventsOf(step, me);
        if (ids.length === 0) return void show(t.nothingToUndo, { isError: true });
        for (const event_id of ids) {
          const key = { "Idempotency-Key": `${headers["Idempotency-Key"]}-${event_id}` };
          await revert(event_id, { ...headers, ...key });
        }
        keepFocus();
        say(t.undone);
      }).catch(() => undefined);
    }

    function undoLast(): void {
      const step = lastOn(boardId);
      if (step) undo(step);
    }

    return { undo, undoLast };
  }, [boardId, send, me]);
}

export async function revert(event_id: number, headers: Record<string, string>): Promise<void> {
  ok(await api.POST("/api/events/{event_id}/revert", { params: { path: { event_id } }, headers }));
}

const MOST_PAGES = 10;

/** The events of somebody's request to take back, the newest first: of what it made, only that it did, since the rest
 * goes with it. None for a request that changed nothing, or so long ago that it isn't looked for. */
async function eventsOf({ boardId, requestId }: Step, actor_id: string): Promise<number[]> {
  const found: BoardEvent[] = [];
  let cursor: string | undefined;
  let isLast = false;
  for (let pages = 0; !isLast && (pages < MOST_PAGES || found.length > 0); pages++) {
    // Others can read the ids of requests, and send the same.
    const query = { limit: 200, actor_id: [actor_id], ...(cursor && { cursor }) };
    const path = { board_id: boardId };
    const { rows, next } = pageOf(await api.GET("/api/boards/{board_id}/events", { params: { path, query } }));
    found.push(...rows.filter((event) => event.request_id === requestId));
    cursor = next;
    isLast = !next || (found.length > 0 && rows.at(-1)?.request_id !== requestId);
  }
  const oldest = found.at(-1);
  return (oldest?.kind.endsWith(".created") ? [oldest] : found).map((event) => event.id);
}

/** Ask for the board anew, unless other changes are on their way, which will do so. */
export async function refresh(queries: QueryClient, boardId: string, own: number): Promise<void> {
  const onTheirWay = queries.isMutating({ predicate: ({ options }) => options.scope?.id === boardId });
  if (onTheirWay > own) return;
  await Promise.all([
    queries.invalidateQueries({ queryKey: boardKey(boardId) }),
    queries.invalidateQueries({ queryKey: ["get", "/api/tasks/{task_id}/full"] }),
    queries.invalidateQueries({ queryKey: ["pages"] }),
  ]);
}

export type Changes = ReturnType<typeof useChanges>;

/** Everything that can be done to a board's columns and cards. Errors are shown, not thrown. */
export function useChanges(board: FullBoard) {
  const change = useChange(board.id);
  return useMemo(() => changesOf(board.id, change), [board.id, change]);
}

function changesOf(board_id: string, change: ReturnType<typeof useChange>) {
  const quietly = (done: Promise<unknown>) => void done.catch(() => undefined);
  const taskAt = (task_id: string) => ({ params: { path: { task_id } } });
  const columnAt = (column_id: string) => ({ params: { path: { column_id } } });

  function moveTask(board: FullBoard, id: string, place: TaskPlace): void {
    const found = order.findTask(board, id);
    const column = board.columns.find((each) => each.id === place.column_id);
    if (!found || !column) return;
    quietly(
      change(
        (now) => order.withTaskMoved(now, id, place),
        async (headers) => ok(await api.POST("/api/tasks/{task_id}/move", { ...taskAt(id), headers, body: place })),
        found.column.id === column.id ? undefined : t.movedTo(found.task.title, column.title),
      ),
    );
  }

  function moveColumn(id: string, spot: Spot): void {
    quietly(
      change(
        (now) => order.withColumnMoved(now, id, spot),
        async (headers) => ok(await api.POST("/api/columns/{column_id}/move", { ...columnAt(id), headers, body: spot })),
      ),
    );
  }

  function addTask(column_id: string, title: string, spot: { position?: number } = {}): void {
    quietly(
      change(
        (now) => order.withColumn(now, column_id, (column) => withDraft(column, title, spot.position)),
        async (headers) => ok(await api.POST("/api/tasks", { headers, body: { column_id, title, ...spot } })),
      ),
    );
  }

  function patchTask(id: string, body: TaskPatch): void {
    quietly(
      change(
        (now) => order.withTask(now, id, (task) => ({ ...task, ...body }) as Task),
        async (headers) => ok(await api.PATCH("/api/tasks/{task_id}", { ...taskAt(id), headers, body })),
      ),
    );
  }

  function deleteTask(task: Task): void {
    quietly(
      change(
        (now) => order.withTask(now, task.id, () => null),
        async (headers) => ok(await api.DELETE("/api/tasks/{task_id}", { ...taskAt(task.id), headers })),
        t.deleted(task.title),
      ),
    );
  }

  function restoreTask(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/tasks/{task_id}/restore", { ...taskAt(id), headers })),
      ),
    );
  }

  function archiveTask(task: Task): void {
    quietly(
      change(
        (now) => order.withTask(now, task.id, () => null),
        async (headers) => ok(await api.POST("/api/tasks/{task_id}/archive", { ...taskAt(task.id), headers })),
        t.archivedNow(task.title),
      ),
    );
  }

  function unarchiveTask(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/tasks/{task_id}/unarchive", { ...taskAt(id), headers })),
      ),
    );
  }

  function copyTask(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/tasks/{task_id}/copy", { ...taskAt(id), headers, body: {} })),
      ),
    );
  }

  function addColumn(title: string): void {
    quietly(
      change(undefined, async (headers) => ok(await api.POST("/api/columns", { headers, body: { board_id, title } }))),
    );
  }

  function patchColumn(id: string, body: Partial<Pick<Column, "title" | "color" | "task_limit">>): void {
    quietly(
      change(
        (now) => order.withColumn(now, id, (column) => ({ ...column, ...body })),
        async (headers) => ok(await api.PATCH("/api/columns/{column_id}", { ...columnAt(id), headers, body })),
      ),
    );
  }

  function deleteColumn(column: Column): void {
    quietly(
      change(
        (now) => order.withColumn(now, column.id, () => null),
        async (headers) => ok(await api.DELETE("/api/columns/{column_id}", { ...columnAt(column.id), headers })),
        t.deleted(column.title),
      ),
    );
  }

  function restoreColumn(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/columns/{column_id}/restore", { ...columnAt(id), headers })),
      ),
    );
  }

  function archiveColumn(column: Column): void {
    quietly(
      change(
        (now) => order.withColumn(now, column.id, () => null),
        async (headers) => ok(await api.POST("/api/columns/{column_id}/archive", { ...columnAt(column.id), headers })),
        t.archivedNow(column.title),
      ),
    );
  }

  function unarchiveColumn(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/columns/{column_id}/unarchive", { ...columnAt(id), headers })),
      ),
    );
  }

  function copyColumn(id: string): void {
    quietly(
      change(undefined, async (headers) =>
        ok(await api.POST("/api/columns/{column_id}/copy", { ...columnAt(id), headers, body: {} })),
      ),
    );
  }

  return {
    moveTask, addTask, patchTask, deleteTask, restoreTask, archiveTask, unarchiveTask, copyTask,
    moveColumn, addColumn, patchColumn, deleteColumn, restoreColumn, archiveColumn, unarchiveColumn, copyColumn,
  }; // prettier-ignore
}

/** A column with a card that the server doesn't know yet. */
function withDraft(column: FullBoard["columns"][number], title: string, position = column.tasks.length) {
  const now = new Date().toISOString();
  const draft: Task = {
    id: `draft-${newKey()}`, column_id: column.id, board_id: column.board_id, title, description: null, position,
    due_date: null, due_is_day: false, priority: "LOW", status: "TODO", color: null, archived_at: null,
    created_at: now, updated_at: now, created_by: null, updated_by: null, version: 0, label_ids: [], assignee_ids: [],
    subtask_count: 0, completed_subtask_count: 0, comment_count: 0,
  }; // prettier-ignore
  return { ...column, tasks: column.tasks.toSpliced(position, 0, draft) };
}
