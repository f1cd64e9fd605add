import { $api, api, ok, reason } from "../api";
import { ago } from "../format";
import { IconButton } from "../ui/button";
import { t } from "../words";
import { useChange } from "./changes";
import { useBoard } from "./context";

/** The deleted columns and cards of a board, to restore or to delete for good. */
export function Trash() {
  const { boardId, changes, may } = useBoard();
  const change = useChange(boardId);
  const params = { path: { board_id: boardId }, query: { limit: 200 } };
  const trash = $api.useQuery("get", "/api/boards/{board_id}/trash", { params });
  if (trash.error) return <p role="alert">{reason(trash.error)}</p>;
  if (!trash.data) return <p className="faint">{t.loading}</p>;
  if (!trash.data.length) return <p className="empty faint">{t.trashIsEmpty}</p>;

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
    <ul className="rows">
      {trash.data.map(({ id, kind, title, purged_at }) => (
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
  );
}
