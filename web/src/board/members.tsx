import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ok, reason, ROOT, type Member, type Role } from "../api";
import { ago } from "../format";
import { pageOf } from "../requests";
import { useMe } from "../session/me";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { FormError } from "../ui/field";
import { Listed, usePages } from "../ui/pages";
import { show } from "../ui/toasts";
import { t } from "../words";
import { useChange } from "./changes";
import { useBoard, useOpenBoard } from "./context";

const ROLES: Role[] = ["VIEWER", "MEMBER", "MODERATOR", "CREATOR"];
type GivenRole = Exclude<Role, "CREATOR">;
const GIVEN: GivenRole[] = ["VIEWER", "MEMBER", "MODERATOR"];

export function Members() {
  const board = useOpenBoard();
  const { may } = useBoard();
  const me = useMe().data;
  const change = useChange(board.id);
  const at = (user_id: string) => ({ params: { path: { board_id: board.id, user_id } } });

  function setRole(member: Member, role: Role): void {
    if (role === "CREATOR" && !confirm(t.handOver(member.username))) return;
    void change(undefined, async (headers) =>
      ok(await api.PUT("/api/boards/{board_id}/users/{user_id}", { ...at(member.id), headers, body: { role } })),
    ).catch(() => undefined);
  }

  function remove(member: Member): void {
    void change(undefined, async (headers) =>
      ok(await api.DELETE("/api/boards/{board_id}/users/{user_id}", { ...at(member.id), headers })),
    ).catch(() => undefined);
  }

  return (
    <>
      <ul className="rows">
        {board.members.map((member) => (
          <li key={member.id}>
            <Avatar person={member} />
            <span className="grow">{member.username}</span>
            {may("update_board_user") && member.role !== "CREATOR" ? (
              <select
                aria-label={t.roleOf(member.username)}
                value={member.role}
                onChange={(event) => setRole(member, event.target.value as Role)}
              >
                {ROLES.map((role) => (
                  <option key={role} value={role}>
                    {t.roles[role]}
                  </option>
                ))}
              </select>
            ) : (
              <span className="faint">{t.roles[member.role]}</span>
            )}
            {member.role !== "CREATOR" && (may("add_board_user") || member.id === me?.id) && (
              <IconButton icon="close" label={t.removeThe(member.username)} onClick={() => remove(member)} />
            )}
          </li>
        ))}
      </ul>
      {may("add_board_user") && <AddMember />}
      {may("create_invitation") && <Invitations />}
    </>
  );
}

function RoleSelect({ value, onChange }: { value: GivenRole; onChange: (role: GivenRole) => void }) {
  return (
    <select aria-label={t.role} value={value} onChange={(event) => onChange(event.target.value as GivenRole)}>
      {GIVEN.map((role) => (
        <option key={role} value={role}>
          {t.roles[role]}
        </option>
      ))}
    </select>
  );
}

function AddMember() {
  const { boardId } = useBoard();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<GivenRole>("MEMBER");
  const add = useMutation({
    mutationFn: async () => {
      const who = name.includes("@") ? { email: name.trim() } : { username: name.trim() };
      const params = { path: { board_id: boardId } };
      return ok(await api.POST("/api/boards/{board_id}/users", { params, body: { ...who, role } }));
    },
    onSuccess: () => {
      setName("");
      void queries.invalidateQueries();
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate();
  }

  return (
    <form className="line" onSubmit={submit}>
      <input
        className="grow"
        aria-label={t.nameOrEmail}
        placeholder={t.nameOrEmail}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <RoleSelect value={role} onChange={setRole} />
      <button type="submit" className="primary" disabled={add.isPending}>
        {t.add}
      </button>
      <FormError>{add.error && reason(add.error)}</FormError>
    </form>
  );
}

function Invitations() {
  const { boardId } = useBoard();
  const queries = useQueryClient();
  const [role, setRole] = useState<GivenRole>("MEMBER");
  const [link, setLink] = useState("");
  const params = { path: { board_id: boardId } };
  const { list, rows } = usePages([boardId, "invitations"], async (query) =>
    pageOf(await api.GET("/api/boards/{board_id}/invitations", { params: { ...params, query } })),
  );
  const refresh = () => queries.invalidateQueries({ queryKey: ["pages", boardId, "invitations"] });
  const create = useMutation({
    mutationFn: async () => ok(await api.POST("/api/boards/{board_id}/invitations", { params, body: { role } })),
    onSuccess: (made) => {
      setLink(`${location.origin}${ROOT}/join#${made.token}`);
      void refresh();
    },
    onError: (error) => show(reason(error), { isError: true }),
  });
  const revoke = useMutation({
    mutationFn: async (invitation_id: string) =>
      ok(
        await api.DELETE("/api/boards/{board_id}/invitations/{invitation_id}", {
          params: { path: { board_id: boardId, invitation_id } },
        }),
      ),
    onSettled: refresh,
    onError: (error) => show(reason(error), { isError: true }),
  });

  return (
    <section>
      <h3>{t.invitations}</h3>
      <div className="line">
        <span className="grow faint">{t.invitationHint}</span>
        <RoleSelect value={role} onChange={setRole} />
        <button type="button" disabled={create.isPending} onClick={() => create.mutate()}>
          {t.makeLink}
        </button>
      </div>
      {link && (
        <div className="line">
          <input className="grow" readOnly aria-label={t.invitationLink} value={link} onFocus={(event) => event.target.select()} />
          <button
            type="button"
            onClick={async () => {
              // Browsers copy on HTTPS only; the text is selected for everybody else.
              await navigator.clipboard?.writeText(link);
              show(t.copied);
            }}
          >
            {t.copy}
          </button>
        </div>
      )}
      <Listed list={list}>
        <ul className="rows">
          {rows
            ?.filter((each) => each.is_active)
            .map((each) => (
              <li key={each.id}>
                <span className="grow">
                  {t.roles[each.role]} <span className="faint">{t.usedTimes(each.uses, each.max_uses)}</span>
                </span>
                <span className="faint">{t.endsAt(ago(each.expires_at))}</span>
                <IconButton icon="close" label={t.revoke} onClick={() => revoke.mutate(each.id)} />
              </li>
            ))}
        </ul>
      </Listed>
    </section>
  );
}
