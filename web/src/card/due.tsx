import { useState, type FormEvent } from "react";
import type { Task } from "../api";
import { dayOf } from "../format";
import { t } from "../words";

interface Props {
  card: Task;
  onSave: (due_date: string | null) => void;
}

/** A day, and a time of it if there is one. */
export function DueForm({ card, onSave }: Props) {
  const time = card.due_date && !card.due_is_day ? new Date(card.due_date) : null;
  const [day, setDay] = useState(time ? dayOf(time) : (card.due_date?.slice(0, 10) ?? dayOf(new Date())));
  const [clock, setClock] = useState(time ? time.toTimeString().slice(0, 5) : "");

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSave(clock ? new Date(`${day}T${clock}`).toISOString() : day);
  }

  return (
    <form className="form small-form" onSubmit={submit}>
      <label className="field">
        <span>{t.day}</span>
        <input type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
      </label>
      <label className="field">
        <span>{t.time}</span>
        <input type="time" value={clock} onChange={(event) => setClock(event.target.value)} />
      </label>
      <p className="buttons">
        <button type="submit" className="primary">
          {t.save}
        </button>
        {card.due_date && (
          <button type="button" onClick={() => onSave(null)}>
            {t.remove}
          </button>
        )}
      </p>
    </form>
  );
}
