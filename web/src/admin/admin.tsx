import { Redirect } from "wouter";
import type { User } from "../api";

/** The pages of admins. */
export default function Admin({ me }: { me: User }) {
  return me.is_admin ? <main className="page" /> : <Redirect to="/" replace />;
}
