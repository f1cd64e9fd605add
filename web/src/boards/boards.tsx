import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { api, ok, reason, type Board } from "../api";
import { ago } from "../format";
import { pageOf } from "../requests";
import { IconButton } from "../ui/button";
import { colored, Colors } from "../ui/colors";
import { Dialog } from "../ui/dialog";
import { Check, Field, FormError } from "../ui/field";
import { Icon } from "../ui/icons";
import { Listed, usePages } from "../ui/pages";
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
  const path = { user_id: "me" };
  const { list, rows } = usePages(["boards", "mine"], async (query) =>
    pageOf(await api.GET("/api/users/{user_id}/boards", { params: { path, query } })),
  );
  const empty = (
    <div className="empty">
      <p>{t.noBoards}</p>
      <button type="button" className="primary" onClick={onAdd}>
        {t.newBoard}
      </button>
    </div>
  );
  return (
    <Listed list={list} empty={empty}>
      <Tiles boards={rows} />
    </Listed>
  );
}

const FILTERS = {
  public: { is_public: true },
  templates: { is_template: true },
  archived: { archived: true },
};

function Others({ tab }: { tab: keyof typeof FILTERS }) {
  const { list, rows } = usePages(["boards", tab], async (part) =>
    pageOf(await api.GET("/api/boards", { params: { query: { ...FILTERS[tab], ...part, sort: "-updated_at" } } })),
  );
  return (
    <Listed list={list} empty={<p className="empty faint">{t.nothingHere}</p>}>
      <Tiles boards={rows} />
    </Listed>
  );
}

function Tiles({ boards }: { boards: Board[] | undefined }) {
  return (
    <ul className="tiles">
      {boards?.map((board) => (
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
  const { list, rows } = usePages(["trash"], async (query) => pageOf(await api.GET("/api/trash", { params: { query } })));
  const restore = useMutation({
    mutationFn: async (board_id: string) =>
      ok(await api.POST("/api/boards/{board_id}/restore", { params: { path: { board_id } } })),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => show(reason(error), { isError: true }),
  });
  return (
    <Listed list={list} empty={<p className="empty faint">{t.trashIsEmpty}</p>}>
      <ul className="rows">
        {rows?.map((board) => (
          <li key={board.id}>
            <span className="grow">{board.title}</span>
            <span className="faint">{t.deletedFor(ago(board.purged_at))}</span>
            <IconButton icon="undo" label={t.restore} onClick={() => restore.mutate(board.id)} />
          </li>
        ))}
      </ul>
    </Listed>
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
