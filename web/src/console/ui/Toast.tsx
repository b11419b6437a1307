import { createContext, use, useCallback, useRef, useState, type ReactNode } from "react";
import { IconButton } from "./Button";
import { cx } from "./cx";
import styles from "./Toast.module.css";

interface Toast {
  id: number;
  message: ReactNode;
  tone: "neutral" | "danger";
}

type Show = (message: ReactNode, tone?: Toast["tone"]) => void;

const Context = createContext<Show | undefined>(undefined);

/** How long a toast is shown, in milliseconds; errors stay until they are closed. */
const shownFor = 6000;

/** Says that something was done, or failed, away from where it was asked for. */
export function useToast(): Show {
  const show = use(Context);
  if (show === undefined) throw new Error("useToast outside of ToastProvider");
  return show;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const close = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback<Show>(
    (message, tone = "neutral") => {
      const id = ++last.current;
      setToasts((shown) => [...shown.slice(-2), { id, message, tone }]);
      if (tone === "neutral") setTimeout(() => close(id), shownFor);
    },
    [close],
  );
  return (
    <Context value={show}>
      {children}
      <div className={styles.toasts} role="status" aria-live="polite">
        {toasts.map(({ id, message, tone }) => (
          <div key={id} className={cx(styles.toast, styles[tone])}>
            <span>{message}</span>
            <IconButton label="Close" icon="close" small onClick={() => close(id)} />
          </div>
        ))}
      </div>
    </Context>
  );
}
