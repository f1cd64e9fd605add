import { useEffect, useId, useRef, type ReactNode } from "react";
import { t } from "../words";
import { IconButton } from "./button";
import { Toasts } from "./toasts";

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  className?: string;
}

/** A dialog over the page: Escape, the button or a click beside it close it. */
export function Dialog({ title, onClose, children, className = "" }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  const opener = useRef(document.activeElement as HTMLElement | null);

  useEffect(() => {
    // React runs effects twice in development.
    if (!dialog.current?.open) dialog.current?.showModal();
    const from = opener.current;
    return () => from?.focus();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => event.target === dialog.current && onClose()}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
      // The board behind it has keys of its own.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="dialog-box">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <IconButton icon="close" label={t.close} onClick={onClose} />
        </header>
        {children}
      </div>
      {/* The page's own can't be reached while the dialog is open. */}
      <Toasts />
    </dialog>
  );
}
