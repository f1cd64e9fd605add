import { useRef, useState } from "react";
import type { FullTask, Subtask } from "../api";
import { useDrag, useSubtaskDrops } from "../board/drag";
import { withItemMoved, type Spot } from "../board/order";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { InPlace } from "../ui/inPlace";
import { say } from "../ui/toasts";
import { t } from "../words";
import { useCardChanges } from "./cardChanges";

type Changes = ReturnType<typeof useCardChanges>;

export function Checklist({ card, mayEdit }: { card: FullTask; mayEdit: boolean }) {
  const changes = useCardChanges(card);
  const [isAdding, setAdding] = useState(false);
  const items = card.subtasks;
  const done = items.filter((item) => item.is_completed).length;
  const move = (id: string, to: Spot) => changes.moveSubtask(id, to, (all) => withItemMoved(all, id, to));
  useSubtaskDrops(card.id, move);

  if (!mayEdit && !items.length) return null;
  return (
    <section aria-label={t.checklist}>
      <h3>
        <Icon name="checklist" /> {t.checklist}
        {items.length > 0 && (
          <span className="faint">
            {done}/{items.length}
          </span>
        )}
      </h3>
      {items.length > 0 && <progress value={done} max={items.length} aria-label={t.progress} />}
      <ul className="checklist">
        {items.map((item, index) => (
          <Item
            key={item.id}
            item={item}
            mayEdit={mayEdit}
            changes={changes}
            onStep={(step) => {
              const neighbour = items[index + step];
              if (!neighbour) return;
              move(item.id, step > 0 ? { after: neighbour.id } : { before: neighbour.id });
              say(t.movedToPlace(item.title, t.checklist, index + step + 1));
            }}
          />
        ))}
      </ul>
      {mayEdit &&
        (isAdding ? (
          <InPlace label={t.newItem} placeholder={t.newItem} onSave={changes.addSubtask} onClose={() => setAdding(false)} again />
        ) : (
          <button type="button" className="small quiet" onClick={() => setAdding(true)}>
            <Icon name="add" /> {t.addItem}
          </button>
        ))}
    </section>
  );
}

interface ItemProps {
  item: Subtask;
  mayEdit: boolean;
  changes: Changes;
  onStep: (step: number) => void;
}

function Item({ item, mayEdit, changes, onStep }: ItemProps) {
  const row = useRef<HTMLLIElement>(null);
  const [isEditing, setEditing] = useState(false);
  const { edge } = useDrag({
    id: item.id,
    kind: "subtask",
    column_id: item.task_id,
    element: row,
    target: row,
    disabled: !mayEdit || isEditing,
  });
  return (
    <li ref={row} data-edge={edge ?? undefined} className={item.is_completed ? "done" : ""}>
      <input
        type="checkbox"
        aria-label={item.title}
        checked={item.is_completed}
        disabled={!mayEdit}
        onChange={(event) => changes.patchSubtask(item.id, { is_completed: event.target.checked })}
        onKeyDown={(event) => {
          if (!event.shiftKey || !mayEdit) return;
          if (event.key === "ArrowUp") onStep(-1);
          if (event.key === "ArrowDown") onStep(1);
        }}
      />
      {isEditing ? (
        <InPlace
          label={t.title}
          value={item.title}
          onSave={(title) => changes.patchSubtask(item.id, { title })}
          onClose={() => setEditing(false)}
        />
      ) : (
        <button type="button" className="grow text" disabled={!mayEdit} onClick={() => setEditing(true)}>
          {item.title}
        </button>
      )}
      {mayEdit && (
        <span className="on-hover">
          <IconButton icon="up" label={t.moveUp(item.title)} onClick={() => onStep(-1)} />
          <IconButton icon="down" label={t.moveDown(item.title)} onClick={() => onStep(1)} />
          <IconButton icon="trash" label={t.deleteThe(item.title)} onClick={() => changes.deleteSubtask(item.id)} />
        </span>
      )}
    </li>
  );
}
