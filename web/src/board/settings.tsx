import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import { api, ok } from "../api";
import { Mute } from "../notifications/settings";
import { Colors } from "../ui/colors";
import { Dialog } from "../ui/dialog";
import { Check, Field } from "../ui/field";
import { show } from "../ui/toasts";
import { t } from "../words";
import { Archive } from "./archive";
import { BoardComments } from "./boardComments";
import { useChange } from "./changes";
import { useBoard, useOpenBoard } from "./context";
import { History } from "./history";
import { Labels } from "./labels";
import { Members } from "./members";
import { Trash } from "./trash";
import "../card/card.css";
import "./settings.css";

const TABS = ["general", "members", "labels", "comments", "history", "archive", "trash"] as const;
type Tab = (typeof TABS)[number];

/** Everything of a board that isn't on it. */
export default function Settings({ onClose }: { onClose: () => void }) {
  const { boardId, may } = useBoard();
  const [tab, setTab] = useState<Tab>("general");
  // MEMBERs and above see the trash: whoever may restore from it.
  const tabs = TABS.filter((each) => each !== "trash" || may("restore_task"));
  return (
    <Dialog title={t.settings} onClose={onClose} className="settings">
      <div className="tabs" role="tablist" aria-label={t.settings}>
        {tabs.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`settings-${each}`}
            aria-selected={each === tab}
            aria-controls="settings-panel"
            onClick={() => setTab(each)}
          >
            {t.settingsTabs[each]}
          </button>
        ))}
      </div>
      <div id="settings-panel" role="tabpanel" aria-labelledby={`settings-${tab}`} className="settings-panel">
        {tab === "general" && <General onClose={onClose} />}
        {tab === "members" && <Members />}
        {tab === "labels" && <Labels />}
        {tab === "comments" && <BoardComments />}
        {tab === "history" && <History of={`boards/${boardId}`} />}
        {tab === "archive" && <Archive />}
        {tab === "trash" && <Trash />}
      </div>
    </Dialog>
  );
}

function General({ onClose }: { onClose: () => void }) {
  const board = useOpenBoard();
  const { may } = useBoard();
  const change = useChange(board.id);
  const [, go] = useLocation();
  const at = { params: { path: { board_id: board.id } } };
  const mayEdit = may("patch_board");

  async function patch(body: object): Promise<void> {
    const sketch = (now: typeof board) => ({ ...now, ...body });
    await change(sketch, async (headers) => ok(await api.PATCH("/api/boards/{board_id}", { ...at, headers, body }))).catch(
      () => undefined,
    );
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    void patch({ title: text("title"), description: text("description") || null, time_zone: text("time_zone") });
    show(t.saved);
  }

  const archive = () => change(undefined, async (headers) => ok(await api.POST("/api/boards/{board_id}/archive", { ...at, headers })));
  const unarchive = () => change(undefined, async (headers) => ok(await api.POST("/api/boards/{board_id}/unarchive", { ...at, headers })));
  const remove = () => change(undefined, async (headers) => ok(await api.DELETE("/api/boards/{board_id}", { ...at, headers })));
  const restore = () => change(undefined, async (headers) => ok(await api.POST("/api/boards/{board_id}/restore", { ...at, headers })));

  /** Do something whose error is shown already; then what follows from it. */
  function run(act: () => Promise<unknown>, then: () => void = () => undefined): void {
    act().then(then, () => undefined);
  }

  function leave(): void {
    const undo = () => run(restore, () => go(`/boards/${board.id}`));
    show(t.deleted(board.title), { action: { label: t.undo, run: undo } });
    onClose();
    go("/");
  }

  return (
    <>
      <form className="form" onSubmit={submit}>
        <fieldset disabled={!mayEdit}>
          <Field label={t.title} name="title" required maxLength={255} defaultValue={board.title} />
          <label className="field">
            <span>{t.description}</span>
            <textarea name="description" rows={3} defaultValue={board.description ?? ""} />
          </label>
          <Field label={t.timeZone} name="time_zone" required defaultValue={board.time_zone} list="zones" hint={t.timeZoneHint} />
          <datalist id="zones">
            {Intl.supportedValuesOf("timeZone").map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          {mayEdit && (
            <button type="submit" className="primary">
              {t.save}
            </button>
          )}
        </fieldset>
      </form>
      {mayEdit && (
        <div className="form">
          <Colors value={board.color} onChange={(color) => patch({ color })} />
          <Check label={t.isPublic} hint={t.publicHint} checked={board.is_public} onChange={(is_public) => patch({ is_public })} />
          <Check
            label={t.viewersComment}
            checked={board.viewers_can_comment}
            onChange={(viewers_can_comment) => patch({ viewers_can_comment })}
          />
          <Check
            label={t.advisoryLimits}
            checked={board.limits_are_advisory}
            onChange={(limits_are_advisory) => patch({ limits_are_advisory })}
          />
          <Check
            label={t.template}
            hint={t.templateHint}
            checked={board.is_template}
            onChange={(is_template) => patch({ is_template })}
          />
        </div>
      )}
      <Mute boardId={board.id} />
      <p className="buttons">
        {may("archive_board") && (
          <button type="button" onClick={() => run(board.archived_at ? unarchive : archive)}>
            {board.archived_at ? t.unarchive : t.archiveBoard}
          </button>
        )}
        {may("delete_board") && (
          <button type="button" className="danger" onClick={() => run(remove, leave)}>
            {t.deleteBoard}
          </button>
        )}
      </p>
    </>
  );
}
