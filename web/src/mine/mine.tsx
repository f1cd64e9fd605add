import { $api, reason, type Task } from "../api";
import { dayOf, dueOf } from "../format";
import { useMe } from "../session/me";
import { t } from "../words";
import { TaskRow } from "./taskRow";

const GROUPS = ["late", "today", "week", "later", "none"] as const;
type Group = (typeof GROUPS)[number];

function groupOf(task: Task, now = new Date()): Group {
  if (!task.due_date) return "none";
  if (dueOf(task.due_date, task.due_is_day, now).state === "late") return "late";
  const day = task.due_is_day ? task.due_date.slice(0, 10) : dayOf(new Date(task.due_date));
  if (day === dayOf(now)) return "today";
  return day <= dayOf(new Date(now.getTime() + 6 * 86_400_000)) ? "week" : "later";
}

/** The open cards of whoever is signed in, by when they are due. */
export default function Mine() {
  const me = useMe().data;
  const tasks = $api.useQuery(
    "get",
    "/api/tasks",
    { params: { query: { assignee_id: ["me"], status: ["TODO", "IN_PROGRESS"], sort: "due_date", limit: 200 } } },
    { refetchInterval: 15_000 },
  );
  const boards = $api.useQuery(
    "get",
    "/api/users/{user_id}/boards",
    { params: { path: { user_id: me?.id ?? "" }, query: { limit: 200 } } },
    { enabled: Boolean(me) },
  );
  const titles = new Map(boards.data?.map((board) => [board.id, board.title]));
  const groups = Map.groupBy(tasks.data ?? [], (task) => groupOf(task));
  return (
    <main className="page">
      <h1>{t.myTasks}</h1>
      {tasks.error && <p role="alert">{reason(tasks.error)}</p>}
      {tasks.data?.length === 0 && <p className="empty faint">{t.noTasks}</p>}
      {GROUPS.map((group) => {
        const own = groups.get(group);
        return (
          own && (
            <section key={group}>
              <h2 className={group === "late" ? "late" : ""}>
                {t.dueGroups[group]} <span className="faint">{own.length}</span>
              </h2>
              <ul className="rows">
                {own.map((task) => (
                  <TaskRow key={task.id} task={task} board={titles.get(task.board_id)} />
                ))}
              </ul>
            </section>
          )
        );
      })}
    </main>
  );
}
