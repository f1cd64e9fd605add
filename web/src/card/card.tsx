import { useState } from "react";
import { $api, reason, type FullTask } from "../api";
import { useBoard } from "../board/context";
import { History } from "../board/history";
import { Dialog } from "../ui/dialog";
import { colored } from "../ui/colors";
import { fullTime } from "../format";
import { t } from "../words";
import { Checklist } from "./checklist";
import { Comments } from "./comments";
import { Conflict } from "./conflict";
import { Description } from "./description";
import { Properties } from "./properties";
import { Title } from "./title";
import { useEdit } from "./edit";
import "../board/settings.css";
import "./card.css";

interface Props {
  taskId: string;
  onClose: () => void;
}

/** A card, open over its board. */
export default function Card({ taskId, onClose }: Props) {
  const card = $api.useQuery("get", "/api/tasks/{task_id}/full", { params: { path: { task_id: taskId } } });
  if (card.data) return <OpenCard card={card.data} onClose={onClose} />;
  if (!card.error) return null;
  return (
    <Dialog title={t.cardIsGone} onClose={onClose} className="card-dialog">
      <p role="alert">{reason(card.error)}</p>
    </Dialog>
  );
}

function OpenCard({ card, onClose }: { card: FullTask; onClose: () => void }) {
  const { may } = useBoard();
  const { save, conflict, settle } = useEdit(card);
  const [isTitleOpen, setTitleOpen] = useState(false);
  const [isHistory, setHistory] = useState(false);
  const mayEdit = may("patch_task");
  return (
    <Dialog
      title={
        <Title card={card} mayEdit={mayEdit} isOpen={isTitleOpen} onOpen={setTitleOpen} onSave={(title) => save(card, { title })} />
      }
      onClose={onClose}
      className={card.color ? "card-dialog has-color" : "card-dialog"}
    >
      <div className="card-body" style={colored(card.color)}>
        <div className="card-main">
          {conflict && <Conflict conflict={conflict} onSettle={settle} />}
          <Description card={card} mayEdit={mayEdit} onSave={save} />
          <Checklist card={card} mayEdit={may("patch_subtask")} />
          <Comments card={card} />
          <details onToggle={(event) => setHistory(event.currentTarget.open)}>
            <summary>{t.history}</summary>
            {isHistory && <History of={`tasks/${card.id}`} />}
          </details>
        </div>
        <Properties card={card} mayEdit={mayEdit} onDone={onClose} />
      </div>
      <p className="faint card-foot">
        {t.inColumn(card.column_title)} · {t.madeAt(fullTime(card.created_at))} · {t.changedAt(fullTime(card.updated_at))}
      </p>
    </Dialog>
  );
}
