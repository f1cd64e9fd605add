import { useState, type FormEvent } from "react";
import { api, ok, type Label } from "../api";
import { IconButton } from "../ui/button";
import { colored, Colors } from "../ui/colors";
import { Popover } from "../ui/popover";
import { t } from "../words";
import { useChange } from "./changes";
import { useBoard, useOpenBoard } from "./context";

interface Props {
  boardId: string;
  label?: Label;
  onDone: (label?: Label) => void;
}

/** A label's name and colour: a new one, or one that is there. */
export function LabelForm({ boardId, label, onDone }: Props) {
  const change = useChange(boardId);
  const [name, setName] = useState(label?.name ?? "");
  const [color, setColor] = useState<string | null>(label ? label.color : "#2f80ed");

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const body = { name: name.trim(), color };
    try {
      const saved = await change(undefined, async (headers) =>
        label
          ? ok(await api.PATCH("/api/labels/{label_id}", { params: { path: { label_id: label.id } }, headers, body }))
          : ok(await api.POST("/api/labels", { headers, body: { board_id: boardId, ...body } })),
      );
      setName("");
      onDone(saved as Label);
    } catch {
      // It is shown already, and what was written stays.
    }
  }

  return (
    <form className="form small-form" onSubmit={submit}>
      <label className="field">
        <span>{t.name}</span>
        <input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <Colors value={color} onChange={setColor} />
      <button type="submit" className="primary">
        {t.save}
      </button>
    </form>
  );
}

/** The labels of a board, to change and delete. */
export function Labels() {
  const board = useOpenBoard();
  const { may } = useBoard();
  const change = useChange(board.id);
  const remove = (label_id: string) =>
    change(undefined, async (headers) =>
      ok(await api.DELETE("/api/labels/{label_id}", { params: { path: { label_id } }, headers })),
    ).catch(() => undefined);
  return (
    <>
      <ul className="rows">
        {board.labels.map((label) => (
          <li key={label.id}>
            <span className="grow">
              <span className="chip" style={colored(label.color)}>
                {label.name}
              </span>
            </span>
            {may("patch_label") && (
              <Popover button={t.edit} className="small">
                {(close) => <LabelForm boardId={board.id} label={label} onDone={close} />}
              </Popover>
            )}
            {may("delete_label") && (
              <IconButton icon="trash" label={t.deleteThe(label.name)} onClick={() => remove(label.id)} />
            )}
          </li>
        ))}
      </ul>
      {may("create_label") && <LabelForm boardId={board.id} onDone={() => undefined} />}
    </>
  );
}
