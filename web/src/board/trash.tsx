import { api, ok } from "../api";
import { ago } from "../format";
import { pageOf } from "../requests";
import { IconButton } from "../ui/button";
import { Listed, usePages } from "../ui/pages";
import { t } from "../words";
import { useChange } from "./changes";
import { useBoard } from "./context";

/** The deleted columns and cards of a board, to restore or to delete for good. */
export function Trash() {
  const { boardId, changes, may } = useBoard();
  const change = useChange(boardId);
  const path = { board_id: boardId };
  const { list, rows } = usePages([boardId, "trash"], async (query) =>
    pageOf(await api.GET("/api/boards/{board_id}/trash", { params: { path, query } })),
  );

  function purge(kind: string, id: string, title: string): void {
    if (!confirm(t.purge(title))) return;
    const query = { permanent: true };
    void change(undefined, async (headers) =>
      kind === "task"
        ? ok(await api.DELETE("/api/tasks/{task_id}", { params: { path: { task_id: id }, query }, headers }))
        : ok(await api.DELETE("/api/columns/{column_id}", { params: { path: { column_id: id }, query }, headers })),
    ).catch(() => undefined);
  }

  return (
    <Listed list={list} empty={<p className="empty faint">{t.trashIsEmpty}</p>}>
      <ul className="rows">
        {rows?.map(({ id, kind, title, purged_at }) => (
          <li key={id}>
            <span className="grow">{title}</span>
            <span className="faint">
              {t.kinds[kind]} · {t.deletedFor(ago(purged_at))}
            </span>
            <IconButton
              icon="undo"
              label={t.restoreThe(title)}
              onClick={() => (kind === "task" ? changes.restoreTask(id) : changes.restoreColumn(id))}
            />
            {may("delete_task") && <IconButton icon="trash" label={t.purgeThe(title)} onClick={() => purge(kind, id, title)} />}
          </li>
        ))}
      </ul>
    </Listed>
  );
}
