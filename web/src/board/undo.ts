// What was done last, by the ids of its requests, for Ctrl-Z.

export interface Step {
  boardId: string;
  requestId: string;
}

const MOST = 50;
const steps: Step[] = [];

export function remember(step: Step): void {
  steps.push(step);
  if (steps.length > MOST) steps.shift();
}

/** Forget a step, since it is taken back. */
export function forget(step: Step): void {
  const index = steps.indexOf(step);
  if (index >= 0) steps.splice(index, 1);
}

/** The last step on a board, if there is one. */
export function lastOn(boardId: string): Step | undefined {
  return steps.findLast((step) => step.boardId === boardId);
}
