import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, ok, reason, type Notification } from "../api";
import { ago, dueOf, fullTime } from "../format";
import { pageOf } from "../requests";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { Listed, usePages } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";
import { refreshNotifications } from "./refresh";
import "./notifications.css";

/** What somebody is notified of, by cards. */
export default function List({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const { list, rows = [] } = usePages(["notifications"], async (query) =>
    pageOf(await api.GET("/api/notifications", { params: { query } })),
  );
  const { mutate: read } = useMutation({
    mutationFn: async (what: { id?: number; task_id?: string | null }) =>
      what.id === undefined
        ? ok(await api.POST("/api/notifications/read", { params: { query: what.task_id ? { task_id: what.task_id } : {} } }))
        : ok(await api.POST("/api/notifications/{notification_id}/read", { params: { path: { notification_id: what.id } } })),
    onSuccess: () => refreshNotifications(queries),
    onError: (error) => show(reason(error), { isError: true }),
  });

  function open(notification: Notification): void {
    if (!notification.read_at) read({ id: notification.id });
    onClose();
  }

  return (
    <section className="notifications" aria-label={t.notifications}>
      <header>
        <h2>{t.notifications}</h2>
        {rows.some((each) => !each.read_at) && (
          <button type="button" className="link" onClick={() => read({})}>
            {t.readAll}
          </button>
        )}
      </header>
      <Listed list={list} empty={<p className="empty faint">{t.noNotifications}</p>}>
        <ul>
          {groupsOf(rows).map((group) => (
            <Group key={group[0].id} group={group} onOpen={open} onRead={(id) => read({ id })} />
          ))}
        </ul>
      </Listed>
    </section>
  );
}

type Group = [Notification, ...Notification[]];

/** Those that follow each other and are about one card, or one board. */
function groupsOf(rows: Notification[]): Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (last && first && first.board_id === row.board_id && first.task_id === row.task_id) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

interface GroupProps {
  group: Group;
  onOpen: (notification: Notification) => void;
  onRead: (id: number) => void;
}

function Group({ group, onOpen, onRead }: GroupProps) {
  const [{ board_id, board_title, task_id, task_title }] = group;
  const address = task_id ? `/boards/${board_id}/cards/${task_id}` : `/boards/${board_id}`;
  return (
    <li>
      <h3>
        {task_title ?? board_title} {task_title && <span className="faint">{board_title}</span>}
      </h3>
      <ul>
        {group.map((notification) => (
          <li key={notification.id} className={notification.read_at ? "" : "unread"}>
            <Link href={address} onClick={() => onOpen(notification)}>
              {notification.actor ? (
                <Avatar person={notification.actor} />
              ) : (
                <span className="avatar">{notification.due_date && <Icon name="calendar" />}</span>
              )}
              <span className="grow">{lineOf(notification)}</span>
              <time className="faint" dateTime={notification.created_at} title={fullTime(notification.created_at)}>
                {ago(notification.created_at)}
              </time>
            </Link>
            {!notification.read_at && (
              <IconButton icon="check" label={t.markRead(lineOf(notification))} onClick={() => onRead(notification.id)} />
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

function lineOf({ kind, actor, due_date, due_is_day }: Notification): string {
  const due = due_date ? dueOf(due_date, due_is_day).text : "";
  return t.notified[kind](actor?.username ?? t.somebody, due);
}
