import { useState } from "react";
import { initials } from "../format";

interface Person {
  username: string;
  avatar_url: string;
}

/** The address of a picture of this origin; the page's policy loads no others. */
function ownAddress(url: string): string | undefined {
  const address = new URL(url, location.href);
  return address.origin === location.origin ? address.href : undefined;
}

/** Somebody's picture, or their initials. The name stands beside it, or in the title. */
export function Avatar({ person, note }: { person: Person; note?: string | undefined }) {
  const name = note ? `${person.username}, ${note}` : person.username;
  const [broken, setBroken] = useState(false);
  const address = ownAddress(person.avatar_url);
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
