import { Navigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { loadConfig, type Config } from "../../app/config";
import { useSession } from "../../app/SessionProvider";
import { Note } from "../../ui/Note";
import mark from "../../../mark.svg";
import { PersonSignIn } from "./PersonSignIn";
import styles from "./SignInPage.module.css";
import { TokenSignIn } from "./TokenSignIn";

/** Asks who somebody is: at the identity provider, where the operator has named one, or by an access token. */
export default function SignInPage() {
  const { credentials, ended } = useSession();
  const [config, setConfig] = useState<Config>();
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    document.title = "Sign in · Bursar";
    loadConfig().then(setConfig, (error: Error) => setFailed(error.message));
  }, []);
  if (credentials) return <Navigate to="/" replace />;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <p className={styles.name}>
          <img src={mark} alt="" width="28" height="28" />
          Bursar
        </p>
        <h1>Sign in</h1>
        {ended && (
          <Note tone="warning" title="You are not signed in.">
            <p>The server says: {ended}</p>
          </Note>
        )}
        {failed && (
          <Note tone="danger" title="The server cannot be reached.">
            {failed}
          </Note>
        )}
        {config?.signIn && <PersonSignIn provider={config.signIn} />}
        {config && <TokenSignIn secondary={config.signIn !== null} />}
        <Links config={config} />
      </div>
    </main>
  );
}

/** The server's pages that need no sign-in to the console. */
function Links({ config }: { config: Config | undefined }) {
  return (
    <footer className={styles.links}>
      <ul>
        <li>
          <a href="/docs/">Documentation</a>
        </li>
        <li>
          <a href="/graphiql">GraphiQL</a>
        </li>
        <li>
          <a href="/jobs">Jobs</a>
        </li>
        {config?.outbox && (
          <li>
            <a href="/outbox">Outbox</a>
          </li>
        )}
        <li>
          <a href="/console/licenses.md">Licences</a>
        </li>
      </ul>
      {config && <p>Bursar {config.version}</p>}
    </footer>
  );
}
