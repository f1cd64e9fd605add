import { memo, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "wouter";
import type { Task } from "../api";
import { dueOf } from "../format";
import { isKey } from "../keys";
import { Avatar } from "../ui/avatar";
import { colored } from "../ui/colors";
import { Icon } from "../ui/icons";
import { InPlace } from "../ui/inPlace";
import { Popover } from "../ui/popover";
import { t } from "../words";
import { CardMenu } from "./cardMenu";
import { useBoard } from "./context";
import { useDrag } from "./drag";
import { isOpen } from "./filter";
import { takeFocus } from "./keyboard";

/** A card on the board. */
export const CardFace = memo(function CardFace({ task }: { task: Task }) {
  const { boardId, labels, members, may, changes } = useBoard();
  const target = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLElement>(null);
  const title = useRef<HTMLAnchorElement>(null);
  const [isEditing, setEditing] = useState(false);
  // A card that the server doesn't know yet can't be moved or opened.
  const isDraft = task.version === 0;
  const mayEdit = may("patch_task") && !isDraft;
  const { edge, isDragged } = useDrag({
    id: task.id,
    kind: "task",
    column_id: task.column_id,
    element,
    target,
    disabled: !may("move_task") || isDraft || isEditing,
  });

  useEffect(() => takeFocus(task.id, title.current), [task.id]);

  const names = [
    task.color && "has-color",
    isDragged && "dragged",
    isDraft && "draft",
    !isOpen(task) && "closed",
  ];
  return (
    <div ref={target} className="card-place" data-task={task.id} data-edge={edge ?? undefined}>
      <article ref={element} className={`card ${names.filter(Boolean).join(" ")}`} style={colored(task.color)}>
        {task.label_ids.length > 0 && (
          <ul className="chips" aria-label={t.labels}>
            {task.label_ids.map((id) => {
              const label = labels.get(id);
              return (
                label && (
                  <li key={id} className="chip" style={colored(label.color)}>
                    {label.name}
                  </li>
                )
              );
            })}
          </ul>
        )}
        {isEditing ? (
          <InPlace
            label={t.title}
            value={task.title}
            onSave={(text) => changes.patchTask(task.id, { title: text })}
            onClose={() => setEditing(false)}
          />
        ) : (
          <Link
            ref={title}
            href={isDraft ? `/boards/${boardId}` : `/boards/${boardId}/cards/${task.id}`}
            className="card-title"
            draggable={false}
            onKeyDown={(event: KeyboardEvent) => {
              if (!isKey(event, "e") || event.ctrlKey || event.metaKey || !mayEdit) return;
              event.preventDefault();
              setEditing(true);
            }}
          >
            {task.title}
          </Link>
        )}
        <Badges task={task}>
          {task.assignee_ids.length > 0 && (
            <span className="avatars">
              {task.assignee_ids.map((id) => {
                const member = members.get(id);
                return member && <Avatar key={id} person={member} />;
              })}
            </span>
          )}
        </Badges>
        {mayEdit && !isEditing && (
          <Popover button={<Icon name="more" />} label={t.cardMenu(task.title)} className="icon-button card-more">
            {(close) => <CardMenu task={task} close={close} onEdit={() => setEditing(true)} />}
          </Popover>
        )}
      </article>
    </div>
  );
});

function Badges({ task, children }: { task: Task; children: ReactNode }) {
  const due = task.due_date ? dueOf(task.due_date, task.due_is_day) : undefined;
  const isDone = task.completed_subtask_count === task.subtask_count;
  // Without any it takes no room: see the style sheet.
  return (
    <div className="badges">
      {!isOpen(task) && <span className="badge done">{t.statuses[task.status]}</span>}
      {task.priority === "HIGH" && isOpen(task) && <span className="badge high">{t.priorities.HIGH}</span>}
      {due && (
        <span className={`badge due ${isOpen(task) ? due.state : ""}`}>
          <Icon name="calendar" />
          <span className="unseen">{t.due} </span>
          {due.text}
        </span>
      )}
      {task.description && (
        <span className="badge" title={t.hasDescription}>
          <Icon name="text" />
          <span className="unseen">{t.hasDescription}</span>
        </span>
      )}
      {task.subtask_count > 0 && (
        <span className={isDone ? "badge done" : "badge"} title={t.checklist}>
          <Icon name="checklist" />
          <span className="unseen">{t.checklist} </span>
          {task.completed_subtask_count}/{task.subtask_count}
        </span>
      )}
      {task.comment_count > 0 && (
        <span className="badge" title={t.comments}>
          <Icon name="comment" />
          <span className="unseen">{t.comments} </span>
          {task.comment_count}
        </span>
      )}
      {children}
    </div>
  );
}
