import { onlineManager } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { $api, problemOf, reason, type FullBoard, type Task } from "../api";
import { isKey } from "../keys";
import { colored } from "../ui/colors";
import { Icon } from "../ui/icons";
import { t } from "../words";
import { AddColumn, ColumnView } from "./columnView";
import { useChanges, useUndo } from "./changes";
import { Context, OpenBoardContext, type BoardContext } from "./context";
import { useDrops } from "./drag";
import { EVERYTHING, isFiltering, shows, type Filter } from "./filter";
import { FilterBar } from "./filterBar";
import { useKeyboard } from "./keyboard";
import { useLive } from "./live";
import { People } from "./people";
import "./board.css";

const Card = lazy(() => import("../card/card"));
const Settings = lazy(() => import("./settings"));

interface Props {
  boardId: string;
  taskId?: string;
}

export function BoardPage({ boardId, taskId }: Props) {
  const board = $api.useQuery("get", "/api/boards/{board_id}/full", { params: { path: { board_id: boardId } } });
  useLive(boardId);
  const isOnline = useSyncExternalStore(onlineManager.subscribe.bind(onlineManager), () => onlineManager.isOnline());
  if (board.data && !isGone(board.error))
    return <OpenBoard board={board.data} taskId={taskId} isStale={board.isError || !isOnline} />;
  return <main className="center">{board.error ? <p role="alert">{reason(board.error)}</p> : t.loading}</main>;
}

/** Whether the board can't be seen any more, or not by this account. */
function isGone(error: unknown): boolean {
  return problemOf(error)?.status === 404;
}

interface OpenProps {
  board: FullBoard;
  taskId: string | undefined;
  isStale: boolean;
}

function OpenBoard({ board, taskId, isStale }: OpenProps) {
  const [, go] = useLocation();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [isSettingUp, setSettingUp] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const changes = useChanges(board);
  const context = useContextOf(board, changes);
  const shown = useMemo(() => shownOf(board, filter), [board, filter]);
  const { onKeyDown, scrollTo } = useKeyboard({ board, shown, area, changes, mayMove: context.may("move_task") });
  useDrops(board, changes, area);
  useUndoKey(useUndo(board.id).undoLast);
  useEffect(() => {
    document.title = `${board.title} · Corkboard`;
    return () => void (document.title = "Corkboard");
  }, [board.title]);

  return (
    <Context value={context}>
     <OpenBoardContext value={board}>
      <main className="board" style={colored(board.color)}>
        <header className="board-head">
          <h1>{board.title}</h1>
          {board.archived_at && <span className="badge">{t.archived}</span>}
          {board.is_template && <span className="badge">{t.template}</span>}
          {isStale && (
            <span className="badge due late" role="status">
              {t.offline}
            </span>
          )}
          <People board={board} />
          <FilterBar board={board} filter={filter} onChange={setFilter} />
          <button type="button" className="quiet" aria-label={t.settings} onClick={() => setSettingUp(true)}>
            <Icon name="settings" /> <span>{t.settings}</span>
          </button>
        </header>
        <div ref={area} className="columns" onKeyDown={onKeyDown}>
          {shown.map(({ column, tasks }) => (
            <ColumnView key={column.id} column={column} tasks={tasks} scrollTo={scrollTo} />
          ))}
          {context.may("create_column") && <AddColumn />}
        </div>
        <Suspense>
          {taskId && <Card key={taskId} taskId={taskId} onClose={() => go(`/boards/${board.id}`)} />}
          {isSettingUp && <Settings onClose={() => setSettingUp(false)} />}
        </Suspense>
      </main>
     </OpenBoardContext>
    </Context>
  );
}

/** The columns with the cards that the filter shows; all of them as they are if it shows all. */
function shownOf(board: FullBoard, filter: Filter) {
  const choose = (tasks: Task[]) => (isFiltering(filter) ? tasks.filter((task) => shows(filter, task)) : tasks);
  return board.columns.map((column) => ({ column, tasks: choose(column.tasks) }));
}

function useContextOf(board: FullBoard, changes: BoardContext["changes"]): BoardContext {
  const { id, labels, members, operations } = board;
  return useMemo(() => {
    const allowed = new Set(operations);
    return {
      boardId: id,
      changes,
      labels: new Map(labels.map((label) => [label.id, label])),
      members: new Map(members.map((member) => [member.id, member])),
      may: (operation) => allowed.has(operation),
    };
  }, [id, labels, members, operations, changes]);
}

function useUndoKey(undoLast: () => void): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const typing = (event.target as HTMLElement).closest("input, textarea, select");
      if (typing || !isKey(event, "z") || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      undoLast();
    }
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [undoLast]);
}
