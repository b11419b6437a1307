import { useEffect, useState } from "react";
import { loadConfig } from "../../app/config";

/** Whether the server keeps mail instead of sending it; false until that is known. */
export function useOutbox(): boolean {
  const [outbox, setOutbox] = useState(false);
  useEffect(() => {
    let shown = true;
    loadConfig().then(
      (config) => shown && setOutbox(config.outbox),
      () => {}, // the page does without the link
    );
    return () => {
      shown = false;
    };
  }, []);
  return outbox;
}
