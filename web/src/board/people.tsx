import { $api, type FullBoard } from "../api";
import { useMe } from "../session/me";
import { Avatar } from "../ui/avatar";
import { t } from "../words";

const MOST = 6;
const REFRESH = 10_000; // ms

/** The members of a board, and who of others is here now. */
export function People({ board }: { board: FullBoard }) {
  const me = useMe().data;
  const presence = $api.useQuery(
    "get",
    "/api/boards/{board_id}/presence",
    { params: { path: { board_id: board.id } } },
    { refetchInterval: REFRESH, retry: false },
  );
  const here = new Map(presence.data?.users.filter(({ id }) => id !== me?.id).map((user) => [user.id, user]));
  const others = board.members.filter(({ id }) => !here.has(id));
  const people = [...here.values(), ...others];
  return (
    <span className="avatars">
      {people.slice(0, MOST).map((person) => (
        <span key={person.id} className={here.has(person.id) ? "here" : ""}>
          <Avatar person={person} note={here.has(person.id) ? t.isHere : undefined} />
        </span>
      ))}
      {people.length > MOST && <span className="avatar">+{people.length - MOST}</span>}
    </span>
  );
}
