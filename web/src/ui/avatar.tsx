import { useState } from "react";
import { ROOT } from "../api";
import { initials } from "../format";

interface Person {
  username: string;
  avatar_url: string;
}

/** The address of a picture that this server drew; of others the page loads none. */
function drawnAddress(url: string): string | undefined {
  if (!URL.canParse(url, location.href)) return undefined;
  const address = new URL(url, location.href);
  const isDrawn = address.origin === location.origin && address.pathname.startsWith(`${ROOT}/api/avatars/`);
  return isDrawn ? address.href : undefined;
}

/** Somebody's picture, or their initials. The name stands beside it, or in the title. */
export function Avatar({ person, note }: { person: Person; note?: string | undefined }) {
  const name = note ? `${person.username}, ${note}` : person.username;
  const [broken, setBroken] = useState(false);
  const address = drawnAddress(person.avatar_url);
  return (
    <span className="avatar" title={name}>
      {address && !broken ? (
        <img src={address} alt={name} onError={() => setBroken(true)} />
      ) : (
        <span aria-label={name} role="img">
          {initials(person.username)}
        </span>
      )}
    </span>
  );
}
