import { SubjectLink } from "../../app/SubjectLink";
import type { CredentialFieldsFragment } from "../../gql/graphql";
import { tokenRoles } from "./roles";
import styles from "./Credentials.module.css";

interface Properties {
  credentials: CredentialFieldsFragment;
  /** What to say when there are none. */
  none: string;
  lead: string;
}

/** Access tokens and API keys that somebody made, or whose secrets they were shown. */
export function Credentials({ credentials, none, lead }: Properties) {
  const { accessTokens, accessTokenCount, apiKeys, apiKeyCount } = credentials;
  if (accessTokenCount + apiKeyCount === 0) return <p>{none}</p>;
  return (
    <div className={styles.credentials}>
      <p>{lead}</p>
      {accessTokenCount > 0 && (
        <section>
          <h3>{accessTokenCount === 1 ? "1 access token" : `${accessTokenCount} access tokens`}</h3>
          <ul>
            {accessTokens.map(({ id, name, role, prefix }) => (
              <li key={id}>
                {name} <span className={styles.note}>{tokenRoles[role].name}</span> <code>{prefix}…</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      {apiKeyCount > 0 && (
        <section>
          <h3>{apiKeyCount === 1 ? "1 API key" : `${apiKeyCount} API keys`}</h3>
          <ul>
            {apiKeys.map(({ id, name, prefix }) => (
              <li key={id}>
                <SubjectLink subject={{ id, name }} id={id} /> <code>{prefix}…</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
