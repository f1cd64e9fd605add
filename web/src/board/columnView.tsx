import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";
import type { FullColumn, Task } from "../api";
import { colored, Colors } from "../ui/colors";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { InPlace } from "../ui/inPlace";
import { Popover } from "../ui/popover";
import { t } from "../words";
import { CardFace } from "./cardFace";
import { useBoard, useOpenBoard } from "./context";
import { useColumnTarget, useDrag } from "./drag";

const CARD_HEIGHT = 84; // until a card has been measured

interface Props {
  column: FullColumn;
  tasks: Task[];
  /** By which the keyboard brings a card into view. */
  scrollTo: Map<string, (id: string) => void>;
}

export const ColumnView = memo(function ColumnView({ column, tasks, scrollTo }: Props) {
  const { may, changes } = useBoard();
  const area = useRef<HTMLElement>(null);
  const head = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [adding, setAdding] = useState<"top" | "bottom" | null>(null);
  const [isEditing, setEditing] = useState(false);
  const { edge, isDragged } = useDrag({
    id: column.id,
    kind: "column",
    column_id: column.id,
    element: area,
    handle: head,
    target: area,
    disabled: !may("move_column") || isEditing,
  });
  const isOver = useColumnTarget(column.id, area, list, !may("move_task"));
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => list.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: (index) => tasks[index]?.id ?? index,
    overscan: 8,
  });

  useEffect(() => {
    scrollTo.set(column.id, (id) => virtual.scrollToIndex(tasks.findIndex((task) => task.id === id)));
  });

  function add(title: string): void {
    changes.addTask(column.id, title, adding === "top" ? { position: 0 } : {});
    if (adding === "bottom") requestAnimationFrame(() => virtual.scrollToIndex(tasks.length));
  }

  const isFull = column.task_limit !== null && column.tasks.length > column.task_limit;
  return (
    <section
      ref={area}
      className={`column ${isDragged ? "dragged" : ""} ${isOver ? "over" : ""}`}
      data-column={column.id}
      data-edge={edge ?? undefined}
      style={colored(column.color)}
      aria-label={column.title}
    >
      <header ref={head} className={column.color ? "column-head has-color" : "column-head"}>
        {isEditing ? (
          <InPlace
            label={t.columnTitle}
            value={column.title}
            onSave={(title) => changes.patchColumn(column.id, { title })}
            onClose={() => setEditing(false)}
          />
        ) : (
          <h2>
            {may("patch_column") ? (
              <button type="button" title={t.rename} onClick={() => setEditing(true)}>
                {column.title}
              </button>
            ) : (
              column.title
            )}
          </h2>
        )}
        <span className={isFull ? "count over-limit" : "count"}>
          {column.task_limit === null ? column.tasks.length : `${column.tasks.length} / ${column.task_limit}`}
        </span>
        {may("create_task") && (
          <IconButton icon="add" label={t.addCardTo(column.title)} onClick={() => setAdding("top")} />
        )}
        {may("patch_column") && <ColumnMenu column={column} onEdit={() => setEditing(true)} />}
      </header>
      {adding === "top" && <Composer onAdd={add} onClose={() => setAdding(null)} />}
      <div ref={list} className="cards" tabIndex={-1}>
        <div role="list" style={{ height: virtual.getTotalSize() }} className="cards-inside">
          {virtual.getVirtualItems().map(({ key, index, start }) => {
            const task = tasks[index];
            return (
              task && (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  role="listitem"
                  aria-setsize={tasks.length}
                  aria-posinset={index + 1}
                  className="card-row"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <CardFace task={task} />
                </div>
              )
            );
          })}
        </div>
      </div>
      {may("create_task") &&
        (adding === "bottom" ? (
          <Composer onAdd={add} onClose={() => setAdding(null)} />
        ) : (
          <button type="button" className="add-card" onClick={() => setAdding("bottom")}>
            <Icon name="add" /> {t.addCard}
          </button>
        ))}
    </section>
  );
});

function Composer({ onAdd, onClose }: { onAdd: (title: string) => void; onClose: () => void }) {
  return (
    <div className="composer">
      <InPlace label={t.newCard} placeholder={t.newCardHint} onSave={onAdd} onClose={onClose} again />
    </div>
  );
}

function ColumnMenu({ column, onEdit }: { column: FullColumn; onEdit: () => void }) {
  return (
    <Popover button={<Icon name="more" />} label={t.columnMenu(column.title)}>
      {(close) => <ColumnActions column={column} onEdit={onEdit} close={close} />}
    </Popover>
  );
}

function ColumnActions({ column, onEdit, close }: { column: FullColumn; onEdit: () => void; close: () => void }) {
  const board = useOpenBoard();
  const { changes, may } = useBoard();
  const index = board.columns.findIndex((each) => each.id === column.id);
  const [left, right] = [board.columns[index - 1], board.columns[index + 1]];
  const run = (action: () => void) => () => {
    close();
    action();
  };
  return (
    <div className="menu">
      <button type="button" onClick={run(onEdit)}>
        <Icon name="edit" /> {t.rename}
      </button>
      <label className="menu-field">
        <span>{t.limit}</span>
        <input
          type="number"
          min="1"
          max="10000"
          placeholder={t.noLimit}
          defaultValue={column.task_limit ?? ""}
          onBlur={(event) => {
            const limit = event.target.value ? Number(event.target.value) : null;
            if (limit !== column.task_limit) changes.patchColumn(column.id, { task_limit: limit });
          }}
          onKeyDown={(event) => event.key === "Enter" && close()}
        />
      </label>
      <Colors value={column.color} onChange={(color) => run(() => changes.patchColumn(column.id, { color }))()} />
      {left && may("move_column") && (
        <button type="button" onClick={run(() => changes.moveColumn(column.id, { before: left.id }))}>
          <Icon name="back" /> {t.moveLeft}
        </button>
      )}
      {right && may("move_column") && (
        <button type="button" onClick={run(() => changes.moveColumn(column.id, { after: right.id }))}>
          <Icon name="move" /> {t.moveRight}
        </button>
      )}
      <button type="button" onClick={run(() => changes.copyColumn(column.id))}>
        <Icon name="board" /> {t.copy}
      </button>
      <button type="button" onClick={run(() => changes.archiveColumn(column))}>
        <Icon name="archive" /> {t.archive}
      </button>
      <button type="button" className="danger" onClick={run(() => changes.deleteColumn(column))}>
        <Icon name="trash" /> {t.delete}
      </button>
    </div>
  );
}

export function AddColumn() {
  const { changes } = useBoard();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="add-column">
      {isOpen ? (
        <div className="composer">
          <InPlace
            label={t.newColumn}
            placeholder={t.columnTitle}
            onSave={changes.addColumn}
            onClose={() => setOpen(false)}
            again
          />
        </div>
      ) : (
        <button type="button" onClick={() => setOpen(true)}>
          <Icon name="add" /> {t.addColumn}
        </button>
      )}
    </div>
  );
}
