import type { FullTask, Priority, Status } from "../api";
import { CardMenu } from "../board/cardMenu";
import { useBoard, useOpenBoard } from "../board/context";
import { LabelForm } from "../board/labels";
import { dueOf } from "../format";
import { Avatar } from "../ui/avatar";
import { colored, Colors } from "../ui/colors";
import { Icon } from "../ui/icons";
import { Popover } from "../ui/popover";
import { t } from "../words";
import { useCardChanges } from "./cardChanges";
import { DueForm } from "./due";

const STATUSES: Status[] = ["TODO", "IN_PROGRESS", "DONE", "REJECT"];
const PRIORITIES: Priority[] = ["LOW", "MEDIUM", "HIGH"];

interface Props {
  card: FullTask;
  mayEdit: boolean;
  /** Called when the card has been moved away. */
  onDone: () => void;
}

export function Properties({ card, mayEdit, onDone }: Props) {
  const board = useOpenBoard();
  const { changes } = useBoard();
  const patch = (body: Parameters<typeof changes.patchTask>[1]) => changes.patchTask(card.id, body);
  const due = card.due_date ? dueOf(card.due_date, card.due_is_day) : undefined;
  return (
    <aside className="properties" aria-label={t.properties}>
      <dl>
        <dt>{t.status}</dt>
        <dd>
          <select
            aria-label={t.status}
            disabled={!mayEdit}
            value={card.status}
            onChange={(event) => patch({ status: event.target.value as Status })}
          >
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {t.statuses[each]}
              </option>
            ))}
          </select>
        </dd>
        <dt>{t.priority}</dt>
        <dd>
          <select
            aria-label={t.priority}
            disabled={!mayEdit}
            value={card.priority}
            onChange={(event) => patch({ priority: event.target.value as Priority })}
          >
            {PRIORITIES.map((each) => (
              <option key={each} value={each}>
                {t.priorities[each]}
              </option>
            ))}
          </select>
        </dd>
        <dt>{t.people}</dt>
        <dd>
          <People card={card} mayEdit={mayEdit} />
        </dd>
        <dt>{t.labels}</dt>
        <dd>
          <Labels card={card} mayEdit={mayEdit} />
        </dd>
        <dt>{t.due}</dt>
        <dd>
          <Popover
            className={`value ${due && card.status !== "DONE" ? due.state : ""}`}
            disabled={!mayEdit}
            button={due ? due.text : t.none}
            label={`${t.due}: ${due?.text ?? t.none}`}
          >
            {(close) => (
              <DueForm
                card={card}
                onSave={(due_date) => {
                  patch({ due_date });
                  close();
                }}
              />
            )}
          </Popover>
        </dd>
        {mayEdit && (
          <>
            <dt>{t.color}</dt>
            <dd>
              <Colors value={card.color} onChange={(color) => patch({ color })} />
            </dd>
          </>
        )}
      </dl>
      {mayEdit && (
        <CardMenu
          task={board.columns.flatMap((column) => column.tasks).find((task) => task.id === card.id) ?? card}
          close={onDone}
        />
      )}
    </aside>
  );
}

function People({ card, mayEdit }: { card: FullTask; mayEdit: boolean }) {
  const board = useOpenBoard();
  const { members } = useBoard();
  const { setAssignee } = useCardChanges(card);
  const assigned = card.assignee_ids.map((id) => members.get(id)).filter((member) => member !== undefined);
  const shown = assigned.length ? (
    <span className="people">
      {assigned.map((member) => (
        <span key={member.id} className="person">
          <Avatar person={member} /> {member.username}
        </span>
      ))}
    </span>
  ) : (
    t.nobody
  );
  return (
    <Popover
      className="value"
      disabled={!mayEdit}
      button={shown}
      label={`${t.people}: ${assigned.map((member) => member.username).join(" ") || t.nobody}`}
    >
      {() => (
        <div className="menu">
          {board.members.map((member) => (
            <label key={member.id} className="menu-check">
              <input
                type="checkbox"
                checked={card.assignee_ids.includes(member.id)}
                onChange={(event) => setAssignee(member.id, event.target.checked)}
              />
              <Avatar person={member} /> {member.username}
            </label>
          ))}
        </div>
      )}
    </Popover>
  );
}

function Labels({ card, mayEdit }: { card: FullTask; mayEdit: boolean }) {
  const board = useOpenBoard();
  const { labels, may } = useBoard();
  const { setLabel } = useCardChanges(card);
  const chosen = card.label_ids.map((id) => labels.get(id)).filter((label) => label !== undefined);
  const shown = chosen.length ? (
    <span className="chips">
      {chosen.map((label) => (
        <span key={label.id} className="chip" style={colored(label.color)}>
          {label.name}
        </span>
      ))}
    </span>
  ) : (
    t.none
  );
  return (
    <Popover
      className="value"
      disabled={!mayEdit}
      button={shown}
      label={`${t.labels}: ${chosen.map((label) => label.name).join(" ") || t.none}`}
    >
      {() => (
        <div className="menu">
          {board.labels.map((label) => (
            <label key={label.id} className="menu-check">
              <input
                type="checkbox"
                checked={card.label_ids.includes(label.id)}
                onChange={(event) => setLabel(label.id, event.target.checked)}
              />
              <span className="chip" style={colored(label.color)}>
                {label.name}
              </span>
            </label>
          ))}
          {may("create_label") && (
            <details>
              <summary>
                <Icon name="add" /> {t.newLabel}
              </summary>
              <LabelForm boardId={board.id} onDone={(label) => label && setLabel(label.id, true)} />
            </details>
          )}
        </div>
      )}
    </Popover>
  );
}
