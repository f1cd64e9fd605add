import { $api, api, reason } from "../api";
import { ago } from "../format";
import { pageOf } from "../requests";
import { Listed, usePages } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/YaBrowser\//, "Yandex"],
  [/Firefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** A browser and its system, as people call them. */
export function deviceOf(agent: string | null): string {
  const name = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(agent ?? ""))?.[1];
  return [name(BROWSERS), name(SYSTEMS)].filter(Boolean).join(", ") || agent || t.unknownDevice;
}

export function Sessions() {
  const { list, rows } = usePages(["sessions"], async (query) => pageOf(await api.GET("/api/auth/sessions", { params: { query } })));
  const end = $api.useMutation("delete", "/api/auth/sessions/{session_id}", {
    onSuccess: () => list.refetch(),
    onError: (error) => show(reason(error), { isError: true }),
  });
  const endAll = $api.useMutation("delete", "/api/auth/sessions", { onSuccess: () => location.reload() });
  return (
    <section className="panel wide">
      <h2>{t.sessions}</h2>
      <Listed list={list}>
        <ul className="rows">
          {rows?.map((session) => (
            <li key={session.id}>
              <span className="grow" title={session.user_agent ?? ""}>
                {deviceOf(session.user_agent)}
              </span>
              <span className="faint">{session.current ? t.thisSession : t.usedAt(ago(session.last_used_at))}</span>
              {!session.current && (
                <button type="button" className="small" onClick={() => end.mutate({ params: { path: { session_id: session.id } } })}>
                  {t.end}
                </button>
              )}
            </li>
          ))}
        </ul>
      </Listed>
      <button type="button" className="danger" onClick={() => endAll.mutate({})}>
        {t.signOutEverywhere}
      </button>
    </section>
  );
}
