import { useEffect, useId, useRef, type ReactNode, type SubmitEvent } from "react";
import { Button, IconButton } from "./Button";
import { cx } from "./cx";
import styles from "./Dialog.module.css";

interface Properties {
  title: ReactNode;
  /** What it is about, in a sentence; read with the title. */
  description?: ReactNode;
  /** Escape, the close button and Cancel. */
  onClose: () => void;
  /** Its buttons, the main one last. */
  actions?: ReactNode;
  /** With it the dialog is a form, and a button of the type `submit` in `actions` sends it. */
  onSubmit?: () => void;
  /** For forms of more than a few fields. */
  wide?: boolean;
  children?: ReactNode;
}

/**
 * A modal dialog, open for as long as it is rendered. It is the platform's own: it keeps the focus, makes the page behind it
 * inert and gives the focus back, without the style elements that libraries add and the page's policy refuses. The focus begins
 * at what has `data-focus`, else at the first field.
 */
export function Dialog({ title, description, onClose, actions, onSubmit, wide, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opened = dialog.current!;
    const before = document.activeElement;
    opened.showModal();
    // React's autoFocus comes before the dialog is open, and the platform would choose the button that closes it.
    const first =
      opened.querySelector<HTMLElement>("[data-focus]") ??
      opened.querySelector<HTMLElement>(`.${styles.body} :is(input, select, textarea):not(:disabled)`);
    first?.focus();
    return () => {
      opened.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const body = (
    <>
      <header className={styles.header}>
        <h2 id={`${id}-title`}>{title}</h2>
        <IconButton label="Close" icon="close" small onClick={onClose} />
      </header>
      <div className={styles.body}>
        {description && (
          <p id={`${id}-description`} className={styles.description}>
            {description}
          </p>
        )}
        {children}
      </div>
      {actions && <footer className={styles.actions}>{actions}</footer>}
    </>
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog
      ref={dialog}
      className={cx(styles.dialog, wide && styles.wide)}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {onSubmit ? (
        <form className={styles.frame} onSubmit={submit} noValidate>
          {body}
        </form>
      ) : (
        <div className={styles.frame}>{body}</div>
      )}
    </dialog>
  );
}

interface ConfirmProperties extends Pick<Properties, "title" | "description" | "onClose" | "children"> {
  /** What the button does, as a verb: `Revoke key`. */
  confirm: string;
  onConfirm: () => void;
  pending?: boolean;
  /** It cannot be undone. */
  danger?: boolean;
}

/** Asks before something is done. The focus is on Cancel when it cannot be undone. */
export function ConfirmDialog({ confirm, onConfirm, pending, danger, ...rest }: ConfirmProperties) {
  return (
    <Dialog
      {...rest}
      onSubmit={onConfirm}
      actions={
        <>
          <Button onClick={rest.onClose} data-focus={danger}>
            Cancel
          </Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} pending={pending} data-focus={danger ? undefined : true}>
            {confirm}
          </Button>
        </>
      }
    />
  );
}
