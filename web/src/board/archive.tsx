import { $api, reason } from "../api";
import { IconButton } from "../ui/button";
import { t } from "../words";
import { useBoard } from "./context";

/** What is archived on a board. */
export function Archive() {
  const { boardId, changes, may } = useBoard();
  const path = { board_id: boardId };
  const columns = $api.useQuery("get", "/api/boards/{board_id}/columns", { params: { path, query: { archived: true } } });
  const tasks = $api.useQuery("get", "/api/tasks", {
    params: { query: { board_id: [boardId], archived: true, limit: 200, sort: "-updated_at" } },
  });
  const error = columns.error ?? tasks.error;
  if (error) return <p role="alert">{reason(error)}</p>;
  if (!columns.data || !tasks.data) return <p className="faint">{t.loading}</p>;
  // Cards of an archived column come back with it.
  const own = { columns: columns.data.filter((each) => each.archived_at), tasks: tasks.data.filter((each) => each.archived_at) };
  if (!own.columns.length && !own.tasks.length) return <p className="empty faint">{t.archiveIsEmpty}</p>;

  function takeOut(act: () => void): void {
    act();
    void columns.refetch();
    void tasks.refetch();
  }

  return (
    <ul className="rows">
      {own.columns.map((column) => (
        <li key={column.id}>
          <span className="grow">{column.title}</span>
          <span className="faint">{t.kinds.column}</span>
          {may("unarchive_column") && (
            <IconButton icon="undo" label={t.unarchiveThe(column.title)} onClick={() => takeOut(() => changes.unarchiveColumn(column.id))} />
          )}
        </li>
      ))}
      {own.tasks.map((task) => (
        <li key={task.id}>
          <span className="grow">{task.title}</span>
          <span className="faint">{t.kinds.task}</span>
          {may("unarchive_task") && (
            <IconButton icon="undo" label={t.unarchiveThe(task.title)} onClick={() => takeOut(() => changes.unarchiveTask(task.id))} />
          )}
        </li>
      ))}
    </ul>
  );
}
