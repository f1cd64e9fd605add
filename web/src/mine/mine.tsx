import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ok, type Task } from "../api";
import { dayOf, dueOf } from "../format";
import { pageOf } from "../requests";
import { Listed, usePages } from "../ui/pages";
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

const MOST = 50; // ids in a request

/** The titles of boards, by their ids. */
async function titlesOf(ids: string[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (let first = 0; first < ids.length; first += MOST) {
    const query = { id: ids.slice(first, first + MOST), limit: MOST };
    for (const board of ok(await api.GET("/api/boards", { params: { query } }))) titles.set(board.id, board.title);
  }
  return titles;
}

/** The open cards of whoever is signed in, by when they are due. */
export default function Mine() {
  const { list, rows } = usePages(
    ["mine"],
    async (part) =>
      pageOf(
        await api.GET("/api/tasks", {
          params: { query: { assignee_id: ["me"], status: ["TODO", "IN_PROGRESS"], sort: "due_date", ...part } },
        }),
      ),
    { refetchInterval: 15_000 },
  );
  const ids = [...new Set(rows?.map((task) => task.board_id))].sort();
  const boards = useQuery({
    queryKey: ["titles", ids],
    queryFn: () => titlesOf(ids),
    placeholderData: keepPreviousData,
  });
  const groups = Map.groupBy(rows ?? [], (task) => groupOf(task));
  return (
    <main className="page">
      <h1>{t.myTasks}</h1>
      <Listed list={list} empty={<p className="empty faint">{t.noTasks}</p>}>
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
                    <TaskRow key={task.id} task={task} board={boards.data?.get(task.board_id)} />
                  ))}
                </ul>
              </section>
            )
          );
        })}
      </Listed>
    </main>
  );
}
