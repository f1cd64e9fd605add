import { useRef } from "react";
import type { FullTask } from "../api";
import { InPlace } from "../ui/inPlace";
import { t } from "../words";

interface Props {
  card: FullTask;
  mayEdit: boolean;
  isOpen: boolean;
  onOpen: (open: boolean) => void;
  onSave: (title: string) => void;
}

export function Title({ card, mayEdit, isOpen, onOpen, onSave }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  if (!mayEdit) return card.title;
  if (isOpen)
    return (
      <InPlace
        label={t.title}
        value={card.title}
        onSave={onSave}
        onClose={() => {
          onOpen(false);
          requestAnimationFrame(() => button.current?.focus());
        }}
      />
    );
  return (
    <button ref={button} type="button" className="title-button" title={t.editTitle} onClick={() => onOpen(true)}>
      {card.title}
    </button>
  );
}
