import { useQueryClient } from "@tanstack/react-query";
import { $api, api, ok, type FullTask, type Subtask } from "../api";
import { useChange } from "../board/changes";
import type { Spot } from "../board/order";

export function cardKey(task_id: string) {
  return $api.queryOptions("get", "/api/tasks/{task_id}/full", { params: { path: { task_id } } }).queryKey;
}

/** What can be done inside an open card. Errors are shown, not thrown. */
export function useCardChanges(card: FullTask) {
  const queries = useQueryClient();
  const change = useChange(card.board_id);
  const quietly = (done: Promise<unknown>) => void done.catch(() => undefined);

  /** Show the card as it will be, and send the change; the board shows it with its next answer. */
  function sketched(sketch: (card: FullTask) => FullTask, send: Parameters<typeof change>[1]): void {
    const now = queries.getQueryData<FullTask>(cardKey(card.id));
    const draw = () => now && queries.setQueryData(cardKey(card.id), sketch(now));
    draw();
    // Or an answer that is on its way, and older, would take its place. Then what it began with is back.
    void queries.cancelQueries({ queryKey: cardKey(card.id) }).then(draw);
    quietly(change(undefined, send));
  }

  const withSubtask = (id: string, edit: (item: Subtask) => Subtask | null) => (now: FullTask) => ({
    ...now,
    subtasks: now.subtasks.map((item) => (item.id === id ? edit(item) : item)).filter((item) => item !== null),
  });
  const subtaskAt = (subtask_id: string) => ({ params: { path: { subtask_id } } });
  const commentAt = (comment_id: string) => ({ params: { path: { comment_id } } });

  return {
    setLabel(label_id: string, on: boolean): void {
      const label_ids = on ? [...card.label_ids, label_id] : card.label_ids.filter((id) => id !== label_id);
      const params = { path: { task_id: card.id, label_id } };
      sketched(
        (now) => ({ ...now, label_ids }),
        async (headers) =>
          on
            ? ok(await api.PUT("/api/tasks/{task_id}/labels/{label_id}", { params, headers }))
            : ok(await api.DELETE("/api/tasks/{task_id}/labels/{label_id}", { params, headers })),
      );
    },

    setAssignee(user_id: string, on: boolean): void {
      const assignee_ids = on ? [...card.assignee_ids, user_id] : card.assignee_ids.filter((id) => id !== user_id);
      const params = { path: { task_id: card.id, user_id } };
      sketched(
        (now) => ({ ...now, assignee_ids }),
        async (headers) =>
          on
            ? ok(await api.PUT("/api/tasks/{task_id}/assignees/{user_id}", { params, headers }))
            : ok(await api.DELETE("/api/tasks/{task_id}/assignees/{user_id}", { params, headers })),
      );
    },

    addSubtask(title: string): void {
      quietly(
        change(undefined, async (headers) =>
          ok(await api.POST("/api/subtasks", { headers, body: { task_id: card.id, title } })),
        ),
      );
    },

    patchSubtask(id: string, body: { title?: string; is_completed?: boolean }): void {
      sketched(
        withSubtask(id, (item) => ({ ...item, ...body })),
        async (headers) => ok(await api.PATCH("/api/subtasks/{subtask_id}", { ...subtaskAt(id), headers, body })),
      );
    },

    moveSubtask(id: string, to: Spot, sketch: (items: Subtask[]) => Subtask[]): void {
      sketched(
        (now) => ({ ...now, subtasks: sketch(now.subtasks) }),
        async (headers) => ok(await api.POST("/api/subtasks/{subtask_id}/move", { ...subtaskAt(id), headers, body: to })),
      );
    },

    deleteSubtask(id: string): void {
      sketched(
        withSubtask(id, () => null),
        async (headers) => ok(await api.DELETE("/api/subtasks/{subtask_id}", { ...subtaskAt(id), headers })),
      );
    },

    addComment(content: string): Promise<unknown> {
      return change(undefined, async (headers) =>
        ok(await api.POST("/api/comments", { headers, body: { task_id: card.id, content } })),
      );
    },

    editComment(id: string, content: string): void {
      sketched(
        (now) => ({ ...now, comments: now.comments.map((each) => (each.id === id ? { ...each, content } : each)) }),
        async (headers) =>
          ok(await api.PATCH("/api/comments/{comment_id}", { ...commentAt(id), headers, body: { content } })),
      );
    },

    deleteComment(id: string): void {
      sketched(
        (now) => ({ ...now, comments: now.comments.filter((each) => each.id !== id) }),
        async (headers) => ok(await api.DELETE("/api/comments/{comment_id}", { ...commentAt(id), headers })),
      );
    },
  };
}
