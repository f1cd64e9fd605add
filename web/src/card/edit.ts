// Edits of a card's texts: nobody overwrites what they haven't seen.

import { useState } from "react";
import { api, ifUnchanged, ok, problemOf, type Problem, type Task } from "../api";
import { useChange } from "../board/changes";

export type Texts = Partial<Pick<Task, "title" | "description">>;

export interface Conflict {
  mine: Texts;
  theirs: Task;
}

/** The card as it is now, if that is why a change was refused. */
function currentOf(error: unknown): Task | undefined {
  const problem = problemOf(error) as (Problem & { current?: Task }) | undefined;
  return problem?.status === 412 ? problem.current : undefined;
}

export function useEdit(card: Task) {
  const change = useChange(card.board_id);
  const [conflict, setConflict] = useState<Conflict | null>(null);

  /** Save texts that were written over those of `base`. */
  async function save(base: Task, mine: Texts): Promise<void> {
    try {
      await change(undefined, (headers) => send(base, mine, headers, setConflict));
    } catch {
      // It is shown already.
    }
  }

  function settle(keep: Texts | null): void {
    if (conflict && keep) void save(conflict.theirs, keep);
    setConflict(null);
  }

  return { save, conflict, settle };
}

async function send(
  base: Task,
  mine: Texts,
  headers: Record<string, string>,
  onConflict: (conflict: Conflict) => void,
): Promise<void> {
  const params = { path: { task_id: base.id } };
  const answer = await api.PATCH("/api/tasks/{task_id}", {
    params,
    headers: { ...headers, ...ifUnchanged(base) },
    body: mine,
  });
  const theirs = currentOf(answer.error);
  if (!theirs) return void ok(answer);
  const fields = Object.keys(mine) as (keyof Texts)[];
  if (fields.some((field) => theirs[field] !== base[field] && theirs[field] !== mine[field]))
    return onConflict({ mine, theirs });
  // Somebody changed something else of it: both changes stay.
  const key = { "Idempotency-Key": `${headers["Idempotency-Key"]}-${theirs.version}` };
  return send(theirs, mine, { ...headers, ...key }, onConflict);
}
