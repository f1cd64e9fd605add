import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { $api, api, ok, reason, type Board } from "../api";
import { ago } from "../format";
import { useMe } from "../session/me";
import { IconButton } from "../ui/button";
import { colored, Colors } from "../ui/colors";
import { Dialog } from "../ui/dialog";
import { Check, Field, FormError } from "../ui/field";
import { Icon } from "../ui/icons";
import { show } from "../ui/toasts";
import { t } from "../words";

const TABS = ["mine", "public", "templates", "archived", "trash"] as const;
type Tab = (typeof TABS)[number];

export function Boards() {
  const [tab, setTab] = useState<Tab>("mine");
  const [adding, setAdding] = useState(false);
  return (
    <main className="page">
      <div className="page-head">
        <h1>{t.boards}</h1>
        <button type="button" className="primary" onClick={() => setAdding(true)}>
          <Icon name="add" /> {t.newBoard}
        </button>
      </div>
      <div className="tabs" role="tablist" aria-label={t.boards}>
        {TABS.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            aria-selected={each === tab}
            aria-controls="boards"
            onClick={() => setTab(each)}
          >
            {t.boardTabs[each]}
          </button>
        ))}
      </div>
      <div id="boards" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "trash" ? <Trash /> : tab === "mine" ? <Mine onAdd={() => setAdding(true)} /> : <Others tab={tab} />}
      </div>
      {adding && <NewBoard onClose={() => setAdding(false)} />}
    </main>
  );
}

function Mine({ onAdd }: { onAdd: () => void }) {
  const me = useMe().data;
  const boards = $api.useQuery(
    "get",
    "/api/users/{user_id}/boards",
    { params: { path: { user_id: me?.id ?? "" }, query: { limit: 200 } } },
    { enabled: Boolean(me) },
  );
  if (boards.data?.length === 0)
    return (
      <div className="empty">
        <p>{t.noBoards}</p>
        <button type="button" className="primary" onClick={onAdd}>
          {t.newBoard}
        </button>
      </div>
    );
  return <Tiles boards={boards.data} error={boards.error} />;
}

const FILTERS = {
  public: { is_public: true },
  templates: { is_template: true },
  archived: { archived: true },
};

function Others({ tab }: { tab: keyof typeof FILTERS }) {
  const query = { ...FILTERS[tab], limit: 200, sort: "-updated_at" as const };
  const boards = $api.useQuery("get", "/api/boards", { params: { query } });
  return <Tiles boards={boards.data} error={boards.error} />;
}

function Tiles({ boards, error }: { boards: Board[] | undefined; error: unknown }) {
  if (error) return <p role="alert">{reason(error)}</p>;
  if (!boards) return <p className="faint">{t.loading}</p>;
  if (!boards.length) return <p className="empty faint">{t.nothingHere}</p>;
  return (
    <ul className="tiles">
      {boards.map((board) => (
        <li key={board.id} className="tile" style={colored(board.color)}>
          <h2>
            <Link href={`/boards/${board.id}`}>{board.title}</Link>
          </h2>
          <p className="faint">{board.description}</p>
          <p className="tile-foot">
            <Icon name={board.is_public ? "globe" : "lock"} />
            <span>{board.my_role ? t.roles[board.my_role] : t.isPublic}</span>
            <time dateTime={board.updated_at}>{ago(board.updated_at)}</time>
          </p>
          {board.is_template && <UseTemplate board={board} />}
        </li>
      ))}
    </ul>
  );
}

function UseTemplate({ board }: { board: Board }) {
  const [, go] = useLocation();
  const copy = useMutation({
    mutationFn: async () =>
      ok(
        await api.POST("/api/boards/{board_id}/copy", {
          params: { path: { board_id: board.id } },
          body: { title: board.title, include: ["tasks", "subtasks", "labels"] },
        }),
      ),
    onSuccess: (made) => go(`/boards/${made.id}`),
    onError: (error) => show(reason(error), { isError: true }),
  });
  return (
    <button type="button" className="small" disabled={copy.isPending} onClick={() => copy.mutate()}>
      {t.useTemplate}
    </button>
  );
}

function Trash() {
  const queries = useQueryClient();
  const trash = $api.useQuery("get", "/api/trash", { params: { query: { limit: 200 } } });
  const restore = useMutation({
    mutationFn: async (board_id: string) =>
      ok(await api.POST("/api/boards/{board_id}/restore", { params: { path: { board_id } } })),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => show(reason(error), { isError: true }),
  });
  if (trash.error) return <p role="alert">{reason(trash.error)}</p>;
  if (!trash.data) return <p className="faint">{t.loading}</p>;
  if (!trash.data.length) return <p className="empty faint">{t.trashIsEmpty}</p>;
  return (
    <ul className="rows">
      {trash.data.map((board) => (
        <li key={board.id}>
          <span className="grow">{board.title}</span>
          <span className="faint">{t.deletedFor(ago(board.purged_at))}</span>
          <IconButton icon="undo" label={t.restore} onClick={() => restore.mutate(board.id)} />
        </li>
      ))}
    </ul>
  );
}

function NewBoard({ onClose }: { onClose: () => void }) {
  const [, go] = useLocation();
  const [color, setColor] = useState<string | null>(null);
  const [isPublic, setPublic] = useState(false);
  const [hasColumns, setColumns] = useState(true);
  const create = useMutation({
    mutationFn: async (title: string) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const board = ok(
        await api.POST("/api/boards", {
          body: { title, color, is_public: isPublic, time_zone: zone },
        }),
      );
      for (const name of hasColumns ? t.firstColumns : [])
        ok(await api.POST("/api/columns", { body: { board_id: board.id, title: name } }));
      return board;
    },
    onSuccess: (board) => go(`/boards/${board.id}`),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    create.mutate(String(new FormData(event.currentTarget).get("title")));
  }

  return (
    <Dialog title={t.newBoard} onClose={onClose} className="narrow">
      <form onSubmit={submit} className="form">
        <Field label={t.title} name="title" required maxLength={255} autoFocus />
        <Colors value={color} onChange={setColor} />
        <Check label={t.withColumns} hint={t.firstColumns.join(" · ")} checked={hasColumns} onChange={setColumns} />
        <Check label={t.isPublic} hint={t.publicHint} checked={isPublic} onChange={setPublic} />
        <FormError>{create.error && reason(create.error)}</FormError>
        <button type="submit" className="primary" disabled={create.isPending}>
          {t.create}
        </button>
      </form>
    </Dialog>
  );
}
