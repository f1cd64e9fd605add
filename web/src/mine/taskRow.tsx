import { Link } from "wouter";
import type { Task } from "../api";
import { isOpen } from "../board/filter";
import { dueOf } from "../format";
import { colored } from "../ui/colors";
import { Icon } from "../ui/icons";
import { t } from "../words";

/** A card in a list, away from its board. */
export function TaskRow({ task, board }: { task: Task; board?: string | undefined }) {
  const due = task.due_date ? dueOf(task.due_date, task.due_is_day) : undefined;
  return (
    <li className={task.color ? "has-color" : ""} style={colored(task.color)}>
      <Link href={`/boards/${task.board_id}/cards/${task.id}`} className="grow">
        {task.title}
      </Link>
      {board && <span className="faint">{board}</span>}
      {task.priority === "HIGH" && <span className="badge high">{t.priorities.HIGH}</span>}
      {due && (
        <span className={`badge due ${isOpen(task) ? due.state : ""}`}>
          <Icon name="calendar" /> {due.text}
        </span>
      )}
      <span className={isOpen(task) ? "badge" : "badge done"}>{t.statuses[task.status]}</span>
    </li>
  );
}
