import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { $api, api, ok, problemOf, reason } from "../api";
import { FormError } from "../ui/field";
import { t } from "../words";
import { useMe } from "./me";
import { SignIn } from "./signIn";

/**
 * The page of an invitation link. Its token is in the fragment, which browsers send to nobody, so
 * that it is in no log.
 */
export function Join() {
  const [token] = useState(() => location.hash.slice(1));
  const me = useMe();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const path = { token };
  const invitation = $api.useQuery("get", "/api/invitations/{token}", { params: { path } });
  const accept = useMutation({
    mutationFn: async () => ok(await api.POST("/api/invitations/{token}/accept", { params: { path } })),
    onSuccess: (board) => {
      void queries.invalidateQueries();
      go(`/boards/${board.id}`, { replace: true });
    },
    onError: (error) => {
      // Somebody who is a member already came by an old link.
      if (problemOf(error)?.type === "/problems/already-exists" && invitation.data)
        go(`/boards/${invitation.data.board_id}`, { replace: true });
    },
  });

  if (invitation.error)
    return (
      <main className="center">
        <p role="alert">{reason(invitation.error)}</p>
      </main>
    );
  if (!invitation.data) return <main className="center">{t.loading}</main>;
  const offer = t.invitedTo(invitation.data.board_title, t.roles[invitation.data.role]);
  if (!me.data)
    return (
      <SignIn invitation={token}>
        <p>{offer}</p>
      </SignIn>
    );
  return (
    <main className="center">
      <div className="panel">
        <p>{offer}</p>
        <FormError>{accept.error && reason(accept.error)}</FormError>
        <button type="button" className="primary" disabled={accept.isPending} onClick={() => accept.mutate()}>
          {t.join}
        </button>
      </div>
    </main>
  );
}
