import { useMemo, useState } from "react";
import { useConfig } from "../../app/config";
import { CopyButton } from "../../ui/CopyButton";
import { Tabs } from "../../ui/Tabs";
import styles from "./Snippets.module.css";
import { snippetsOf } from "./snippets";

/** How to use a key: a snippet for each way, with what it needs. */
export function Snippets({ secret }: { secret?: string }) {
  const config = useConfig();
  const snippets = useMemo(
    () => snippetsOf({ origin: window.location.origin, secret, gatewayUrl: config?.gatewayUrl, model: config?.model }),
    [secret, config],
  );
  const [shown, setShown] = useState("call");
  return (
    <Tabs
      label="Ways to use the key"
      value={shown}
      onChange={setShown}
      tabs={snippets.map((snippet) => ({
        value: snippet.key,
        label: snippet.title,
        content: (
          <div className={styles.snippet}>
            <p className={styles.about}>{snippet.about}</p>
            <pre className={styles.code} tabIndex={0} aria-label={`${snippet.title}, code`}>
              <code>{snippet.text}</code>
            </pre>
            <div>
              <CopyButton text={snippet.text} label="Copy code" />
            </div>
          </div>
        ),
      }))}
    />
  );
}
