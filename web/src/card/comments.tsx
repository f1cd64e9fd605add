import { useMemo, useState } from "react";
import type { Comment, FullTask } from "../api";
import { useBoard, useOpenBoard } from "../board/context";
import { ago, fullTime } from "../format";
import { useMe } from "../session/me";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icons";
import { t } from "../words";
import { useCardChanges } from "./cardChanges";
import { Markdown } from "./markdown";
import { folded } from "./mentions";
import { WriteBox } from "./writeBox";

export function Comments({ card }: { card: FullTask }) {
  const board = useOpenBoard();
  const { may } = useBoard();
  const me = useMe().data;
  const changes = useCardChanges(card);
  const isModerator = me?.is_admin || board.my_role === "CREATOR" || board.my_role === "MODERATOR";
  return (
    <section aria-label={t.comments}>
      <h3>
        <Icon name="comment" /> {t.comments}
        {card.comments.length > 0 && <span className="faint">{card.comments.length}</span>}
      </h3>
      <ul className="comments">
        {card.comments.map((comment) => {
          const isMine = comment.user_id === me?.id;
          return (
            <OneComment
              key={comment.id}
              comment={comment}
              {...(isMine && may("patch_comment") && { onEdit: (text: string) => changes.editComment(comment.id, text) })}
              {...((isMine || isModerator) &&
                may("delete_comment") && { onDelete: () => changes.deleteComment(comment.id) })}
            />
          );
        })}
      </ul>
      {may("create_comment") && (
        <WriteBox label={t.writeComment} button={t.comment} onSave={(text) => changes.addComment(text)} />
      )}
    </section>
  );
}

interface Props {
  comment: Pick<Comment, "content" | "author" | "created_at" | "updated_at">;
  onEdit?: (text: string) => void;
  onDelete?: () => void;
}

export function OneComment({ comment, onEdit, onDelete }: Props) {
  const [isEditing, setEditing] = useState(false);
  const { members } = useBoard();
  const names = useMemo(() => new Set([...members.values()].map(({ username }) => folded(username))), [members]);
  return (
    <li className="comment">
      {comment.author ? <Avatar person={comment.author} /> : <span className="avatar" />}
      <div className="grow">
        <p className="comment-head">
          <b>{comment.author?.username ?? t.formerUser}</b>
          <time className="faint" dateTime={comment.created_at} title={fullTime(comment.created_at)}>
            {ago(comment.created_at)}
          </time>
          {comment.updated_at !== comment.created_at && <span className="faint">{t.edited}</span>}
          <span className="on-hover">
            {onEdit && (
              <button type="button" className="link" onClick={() => setEditing(true)}>
                {t.edit}
              </button>
            )}
            {onDelete && (
              <button type="button" className="link" onClick={onDelete}>
                {t.delete}
              </button>
            )}
          </span>
        </p>
        {isEditing ? (
          <WriteBox
            label={t.edit}
            button={t.save}
            value={comment.content}
            onSave={async (text) => {
              onEdit?.(text);
              setEditing(false);
            }}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <Markdown text={comment.content} names={names} />
        )}
      </div>
    </li>
  );
}
