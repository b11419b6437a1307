import { useEffect, useRef } from "react";

/** After an attempt to save, leads to the first field with an error, also when the error came from the server. */
export function useFocusOnErrors(form: { readonly current: HTMLFormElement | null }) {
  const wanted = useRef(false);
  useEffect(() => {
    if (!wanted.current) return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]:not(:disabled)');
    if (!first) return;
    wanted.current = false;
    first.focus();
  });
  return () => {
    wanted.current = true;
    form.current?.addEventListener("input", () => (wanted.current = false), { once: true });
  };
}
