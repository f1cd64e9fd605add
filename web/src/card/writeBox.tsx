import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useBoard } from "../board/context";
import { Avatar } from "../ui/avatar";
import { t } from "../words";
import { typedAt, type Typed } from "./mentions";

interface Props {
  label: string;
  button: string;
  value?: string;
  onSave: (text: string) => Promise<unknown>;
  onCancel?: () => void;
}

/** A box for a comment, which offers members after an `@`. What was written stays if it can't be saved. */
export function WriteBox({ label, button, value = "", onSave, onCancel }: Props) {
  const [text, setText] = useState(value);
  const [isBusy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { typed, chosen, choose, onKeyDown, look, hide } = useMentions(area, setText);
  const { members } = useBoard();
  const list = useId();

  async function save(): Promise<void> {
    if (!text.trim()) return;
    setBusy(true);
    // At once, so that the next text can be begun.
    setText("");
    try {
      await onSave(text.trim());
    } catch {
      // Whoever sent it shows the error.
      setText((next) => next || text);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="write-box">
      <textarea
        ref={area}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={typed && list}
        aria-activedescendant={typed && `${list}-${chosen}`}
        placeholder={label}
        maxLength={10_000}
        rows={text.includes("\n") || text.length > 80 ? 4 : 2}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          look(event.target);
        }}
        onBlur={hide}
        onKeyDown={(event) => {
          if (onKeyDown(event)) return;
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
          if (event.key === "Escape" && onCancel) {
            event.preventDefault();
            onCancel();
          }
        }}
      />
      {typed && (
        <ul id={list} className="mentions" role="listbox" aria-label={t.members}>
          {typed.people.map((name, index) => {
            const member = [...members.values()].find(({ username }) => username === name);
            return (
              <li
                key={name}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === chosen}
                // Or the box would lose the focus.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(name)}
              >
                <span aria-hidden="true">{member && <Avatar person={member} />}</span> {name}
              </li>
            );
          })}
        </ul>
      )}
      {(text || onCancel) && (
        <p className="buttons">
          <button type="button" className="primary" disabled={isBusy || !text.trim()} onClick={save}>
            {button}
          </button>
          {onCancel && (
            <button type="button" onClick={onCancel}>
              {t.cancel}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** The members who may be meant by the `@name` that is being typed, to be chosen by arrows and Enter. */
function useMentions(area: { current: HTMLTextAreaElement | null }, setText: (text: string) => void) {
  const { members } = useBoard();
  const [typed, setTyped] = useState<Typed>();
  const [chosen, setChosen] = useState(0);
  const hide = () => setTyped(undefined);

  function look({ value, selectionEnd }: HTMLTextAreaElement): void {
    setTyped(typedAt(value, selectionEnd, [...members.values()].map(({ username }) => username).sort()));
    setChosen(0);
  }

  function choose(name: string): void {
    const box = area.current;
    if (!box || !typed) return;
    box.setRangeText(`@${name} `, typed.at, box.selectionEnd, "end");
    setText(box.value);
    hide();
  }

  /** Whether the key was one for the list. */
  function onKeyDown(event: KeyboardEvent): boolean {
    if (!typed || event.ctrlKey || event.metaKey) return false;
    const { people } = typed;
    if (event.key === "ArrowDown") setChosen((chosen + 1) % people.length);
    else if (event.key === "ArrowUp") setChosen((chosen + people.length - 1) % people.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(people[chosen] ?? "");
    else if (event.key === "Escape") hide();
    else return false;
    event.preventDefault();
    return true;
  }

  return { typed, chosen, choose, onKeyDown, look, hide };
}
