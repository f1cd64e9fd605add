import { api } from "../api";
import { pageOf } from "../requests";
import { IconButton } from "../ui/button";
import { Listed, usePages } from "../ui/pages";
import { t } from "../words";
import { useBoard } from "./context";

/** What is archived on a board. */
export function Archive() {
  const { boardId, changes, may } = useBoard();
  const path = { board_id: boardId };
  const columns = usePages([boardId, "archive", "columns"], async (part) =>
    pageOf(await api.GET("/api/boards/{board_id}/columns", { params: { path, query: { archived: true, ...part } } })),
  );
  const tasks = usePages([boardId, "archive", "tasks"], async (part) =>
    pageOf(await api.GET("/api/tasks", { params: { query: { board_id: [boardId], archived: true, ...part, sort: "-updated_at" } } })),
  );
  // Cards of an archived column come back with it.
  const own = { columns: columns.rows?.filter((each) => each.archived_at), tasks: tasks.rows?.filter((each) => each.archived_at) };
  if (own.columns?.length === 0 && own.tasks?.length === 0 && !columns.list.hasNextPage && !tasks.list.hasNextPage)
    return <p className="empty faint">{t.archiveIsEmpty}</p>;

  return (
    <>
      <Listed list={columns.list}>
        <ul className="rows">
          {own.columns?.map((column) => (
            <li key={column.id}>
              <span className="grow">{column.title}</span>
              <span className="faint">{t.kinds.column}</span>
              {may("unarchive_column") && (
                <IconButton icon="undo" label={t.unarchiveThe(column.title)} onClick={() => changes.unarchiveColumn(column.id)} />
              )}
            </li>
          ))}
        </ul>
      </Listed>
      <Listed list={tasks.list}>
        <ul className="rows">
          {own.tasks?.map((task) => (
            <li key={task.id}>
              <span className="grow">{task.title}</span>
              <span className="faint">{t.kinds.task}</span>
              {may("unarchive_task") && (
                <IconButton icon="undo" label={t.unarchiveThe(task.title)} onClick={() => changes.unarchiveTask(task.id)} />
              )}
            </li>
          ))}
        </ul>
      </Listed>
    </>
  );
}
