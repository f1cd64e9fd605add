import type { BoardEvent } from "../api";
import { ago, fullTime } from "../format";
import { readPage } from "../requests";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Listed, usePages } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";
import { revert, useChange } from "./changes";
import { useBoard, useOpenBoard } from "./context";
import { findTask } from "./order";

/** What happened on a board or to a card, the newest first. */
export function History({ of }: { of: `boards/${string}` | `tasks/${string}` }) {
  const { list, rows } = usePages([of, "events"], ({ cursor = "" }) =>
    readPage<BoardEvent>(`/api/${of}/events?limit=30${cursor && `&cursor=${cursor}`}`),
  );
  return (
    <Listed list={list}>
      <ul className="history">
        {rows?.map((event) => (
          <Line key={event.id} event={event} />
        ))}
      </ul>
    </Listed>
  );
}

function Line({ event }: { event: BoardEvent }) {
  const { boardId, may, members } = useBoard();
  const change = useChange(boardId);
  const title = useTitle(event);
  const details = useDetails(event);
  const actor = event.actor_id ? members.get(event.actor_id) : undefined;
  const [record = "", verb = ""] = event.kind.split(".");
  const happened = t.happened(actor?.username ?? t.somebody, t.verbs[verb] ?? verb, t.records[record] ?? record);

  function undo(): void {
    // Without its trash a record goes for good, which can't be undone.
    const isForGood = verb === "created" && !WITH_TRASH.has(record);
    change(undefined, (headers) => revert(event.id, headers), isForGood ? undefined : t.undone).then(
      () => isForGood && show(t.undone),
      () => undefined, // an error has been shown
    );
  }

  return (
    <li>
      {actor ? <Avatar person={actor} /> : <span className="avatar" />}
      <span className="grow">
        {happened} <b>{title}</b> <span className="faint">{details}</span>
      </span>
      <time className="faint" dateTime={event.created_at} title={fullTime(event.created_at)}>
        {ago(event.created_at)}
      </time>
      {may(record === "member" ? "update_board_user" : "move_task") && isRevertible(event) && (
        <IconButton icon="undo" label={t.undoThe(`${happened} ${title} ${details}`.trim())} onClick={undo} />
      )}
    </li>
  );
}

const WITH_TRASH = new Set(["board", "column", "task"]);

/** Whether the server may put it back: not what is gone for good, nor one half of a move to another board, nor that
 * somebody became the CREATOR. */
function isRevertible({ kind, before, after }: BoardEvent): boolean {
  if (after?.["role"] === "CREATOR") return false;
  return before && after ? true : Boolean(before ?? after) && !/[.](updated|moved|archived|unarchived)$/.test(kind);
}

/** The name of what changed: as it was written then, or as it is now. */
function useTitle({ record, record_id, task_id, before, after }: BoardEvent): string {
  const board = useOpenBoard();
  const { members } = useBoard();
  if (record === "member") return members.get(record_id)?.username ?? "";
  const written = after?.["title"] ?? before?.["title"] ?? after?.["name"] ?? before?.["name"];
  if (typeof written === "string") return written;
  const column = board.columns.find((each) => each.id === record_id);
  return column?.title ?? (task_id ? (findTask(board, task_id)?.task.title ?? "") : "");
}

function useDetails({ kind, before, after }: BoardEvent): string {
  const board = useOpenBoard();
  const { labels, members } = useBoard();
  const column = (id: unknown) => board.columns.find((each) => each.id === id)?.title ?? "…";
  if (kind === "task.moved" && before?.["column_id"] !== after?.["column_id"])
    return `${column(before?.["column_id"])} → ${column(after?.["column_id"])}`;
  const linked = { ...before, ...after };
  if (kind.endsWith("assigned")) return members.get(String(linked["user_id"]))?.username ?? "";
  if (kind.endsWith("labeled")) return labels.get(String(linked["label_id"]))?.name ?? "";
  if (!kind.endsWith(".updated") || !before || !after) return "";
  return Object.keys(after)
    .map((field) => `${t.fields[field] ?? field}: ${short(before[field])} → ${short(after[field])}`)
    .join("; ");
}

const LONGEST = 40;

function short(value: unknown): string {
  if (value === null || value === undefined || value === "") return t.none;
  const text = typeof value === "string" ? (t.values[value] ?? value) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
