import { useMutation, useQueryClient } from "@tanstack/react-query";
import { $api, api, ok, reason } from "../api";
import { Check } from "../ui/field";
import { show } from "../ui/toasts";
import { t } from "../words";

const SETTINGS = "/api/notifications/settings";

/** The settings, and a function that refreshes them after it has changed something. */
function useSettings<T>(change: (value: T) => Promise<unknown>) {
  const queries = useQueryClient();
  const settings = $api.useQuery("get", SETTINGS);
  const { mutate } = useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", SETTINGS] }),
    onError: (error) => show(reason(error), { isError: true }),
  });
  return { settings: settings.data, mutate };
}

/** Of which due dates somebody is notified before. */
export function NotificationSettings() {
  const { settings, mutate } = useSettings(async (body: { due_in_3_days: boolean; due_in_1_day: boolean }) =>
    ok(await api.PUT(SETTINGS, { body })),
  );
  if (!settings) return null;
  const { due_in_3_days, due_in_1_day } = settings;
  const body = { due_in_3_days, due_in_1_day };
  return (
    <section className="panel">
      <h2>{t.notifications}</h2>
      <p className="faint">{t.notificationsHint}</p>
      <Check label={t.dueInDays} checked={due_in_3_days} onChange={(on) => mutate({ ...body, due_in_3_days: on })} />
      <Check label={t.dueInDay} checked={due_in_1_day} onChange={(on) => mutate({ ...body, due_in_1_day: on })} />
    </section>
  );
}

/** Whether somebody is notified of what happens on a board. */
export function Mute({ boardId }: { boardId: string }) {
  const at = { params: { path: { board_id: boardId } } };
  const { settings, mutate } = useSettings(async (isMuted: boolean) =>
    isMuted ? ok(await api.PUT("/api/boards/{board_id}/mute", at)) : ok(await api.DELETE("/api/boards/{board_id}/mute", at)),
  );
  if (!settings) return null;
  return <Check label={t.mute} hint={t.muteHint} checked={settings.muted_board_ids.includes(boardId)} onChange={mutate} />;
}
