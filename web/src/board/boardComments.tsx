import { api, ok } from "../api";
import { OneComment } from "../card/comments";
import { WriteBox } from "../card/writeBox";
import { pageOf } from "../requests";
import { useMe } from "../session/me";
import { Listed, usePages } from "../ui/pages";
import { t } from "../words";
import { useChange } from "./changes";
import { useBoard, useOpenBoard } from "./context";

/** What is said about the board as a whole. */
export function BoardComments() {
  const board = useOpenBoard();
  const { may } = useBoard();
  const me = useMe().data;
  const change = useChange(board.id);
  const path = { board_id: board.id };
  const { list, rows } = usePages([board.id, "comments"], async (query) =>
    pageOf(await api.GET("/api/boards/{board_id}/board-comments", { params: { path, query } })),
  );
  const at = (board_comment_id: string) => ({ params: { path: { board_comment_id } } });
  const isModerator = me?.is_admin || board.my_role === "CREATOR" || board.my_role === "MODERATOR";
  return (
    <>
      <Listed list={list}>
        <ul className="comments">
          {rows?.map((comment) => (
            <OneComment
              key={comment.id}
              comment={comment}
              {...(comment.user_id === me?.id && {
                onEdit: (content: string) =>
                  void change(undefined, async (headers) =>
                    ok(await api.PATCH("/api/board-comments/{board_comment_id}", { ...at(comment.id), headers, body: { content } })),
                  ).catch(() => undefined),
              })}
              {...((comment.user_id === me?.id || isModerator) && {
                onDelete: () =>
                  void change(undefined, async (headers) =>
                    ok(await api.DELETE("/api/board-comments/{board_comment_id}", { ...at(comment.id), headers })),
                  ).catch(() => undefined),
              })}
            />
          ))}
        </ul>
      </Listed>
      {may("create_board_comment") && (
        <WriteBox
          label={t.writeComment}
          button={t.comment}
          onSave={(content) =>
            change(undefined, async (headers) =>
              ok(await api.POST("/api/board-comments", { headers, body: { board_id: board.id, content } })),
            )
          }
        />
      )}
    </>
  );
}
