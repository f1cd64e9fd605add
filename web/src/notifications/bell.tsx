import { lazy, Suspense } from "react";
import { $api } from "../api";
import { Icon } from "../ui/icons";
import { Popover } from "../ui/popover";
import { t } from "../words";

const List = lazy(() => import("./list"));
const POLL = 60_000; // ms, where no stream gets through
const MOST = 99;

/** How much of what happened is unread, and behind it the list. */
export function Bell() {
  const count = $api.useQuery("get", "/api/notifications/count", {}, { refetchInterval: POLL });
  const unread = count.data?.unread ?? 0;
  return (
    <Popover
      label={t.unread(unread)}
      className="icon-button bell"
      button={
        <>
          <Icon name="bell" />
          {unread > 0 && <span className="bell-count">{unread > MOST ? `${MOST}+` : unread}</span>}
        </>
      }
    >
      {(close) => (
        <Suspense fallback={<p className="menu-head">{t.loading}</p>}>
          <List onClose={close} />
        </Suspense>
      )}
    </Popover>
  );
}
