import { useState } from "react";
import type { Task } from "../api";
import { Icon } from "../ui/icons";
import { t } from "../words";
import { useBoard, useOpenBoard } from "./context";
import { END } from "./order";

interface Props {
  task: Task;
  close: () => void;
  onEdit?: () => void;
}

/** What can be done to a card without opening it, also by those who can't drag. */
export function CardMenu({ task, close, onEdit }: Props) {
  const board = useOpenBoard();
  const { changes } = useBoard();
  const [isMoving, setMoving] = useState(false);
  const run = (action: () => void) => () => {
    close();
    action();
  };

  if (isMoving)
    return (
      <div className="menu">
        <p className="menu-head">{t.moveTo}</p>
        {board.columns.map((column) => (
          <div key={column.id} className="menu-row">
            <button type="button" onClick={run(() => changes.moveTask(board, task.id, { column_id: column.id, position: 0 }))}>
              <Icon name="up" /> {column.title}
              <span className="unseen">, {t.first}</span>
            </button>
            <button
              type="button"
              className="fixed"
              aria-label={`${column.title}, ${t.last}`}
              title={t.last}
              onClick={run(() => changes.moveTask(board, task.id, { column_id: column.id, ...END }))}
            >
              <Icon name="down" />
            </button>
          </div>
        ))}
      </div>
    );
  return (
    <div className="menu">
      {onEdit && (
        <button type="button" onClick={run(onEdit)}>
          <Icon name="edit" /> {t.editTitle} <kbd>E</kbd>
        </button>
      )}
      <button type="button" onClick={() => setMoving(true)}>
        <Icon name="move" /> {t.moveTo}
      </button>
      <button type="button" onClick={run(() => changes.copyTask(task.id))}>
        <Icon name="board" /> {t.copy}
      </button>
      <button type="button" onClick={run(() => changes.archiveTask(task))}>
        <Icon name="archive" /> {t.archive}
      </button>
      <button type="button" className="danger" onClick={run(() => changes.deleteTask(task))}>
        <Icon name="trash" /> {t.delete}
      </button>
    </div>
  );
}
