import { Link } from "@tanstack/react-router";
import type { EditedKeyFragment } from "../../../gql/graphql";
import { None, Time } from "../../../ui/Format";
import { Card } from "../../../ui/Page";
import { KeyPrefix } from "../KeyPrefix";
import styles from "./KeyFacts.module.css";

const people = (number: number) => (number === 1 ? "1 person" : `${number} people`);

/** What is known of a key, but for its limits. */
export function KeyFacts({ apiKey }: { apiKey: EditedKeyFragment }) {
  const { owner, createdBy, recipients, metadata } = apiKey;
  const added = recipients.filter(({ source }) => source === "ADDED");
  const suppressed = recipients.filter(({ suppressedAt }) => suppressedAt !== null && suppressedAt !== undefined);
  const facts: [string, React.ReactNode][] = [
    ["Prefix", <KeyPrefix prefix={apiKey.prefix} foreign={apiKey.foreignSecret} />],
    [
      "Owner",
      owner.__typename === "Workspace" ? (
        <Link to="/workspaces/$workspaceId" params={{ workspaceId: owner.id }}>
          {owner.name}
        </Link>
      ) : (
        `${owner.name} (no workspace)`
      ),
    ],
    [
      "Created",
      <>
        <Time at={apiKey.createdAt} />
        {createdBy && ` by ${createdBy.name ?? createdBy.email}${createdBy.removedAt ? " (removed)" : ""}`}
      </>,
    ],
    ["Last used", apiKey.lastUsedAt ? <Time at={apiKey.lastUsedAt} /> : <None label="never" />],
    [apiKey.status === "EXPIRED" ? "Expired" : "Expires", apiKey.expiresAt ? <Time at={apiKey.expiresAt} /> : "never"],
    [
      "Alerts by mail",
      apiKey.emailNotifications
        ? `${people(recipients.length - added.length)} by default${added.length > 0 ? `, ${added.length} added` : ""}`
        : "off: alerts are recorded, and not mailed",
    ],
    ...(suppressed.length === 0
      ? []
      : [
          [
            "Not written to",
            suppressed
              .map(({ email, suppressedReason }) => `${email} (${suppressedReason === "BOUNCED" ? "bounced" : "complained"})`)
              .join(", "),
          ] as [string, React.ReactNode],
        ]),
    ...Object.entries(metadata).map(([name, value]): [string, React.ReactNode] => [name, value]),
  ];
  return (
    <Card>
      {apiKey.description && <p className={styles.description}>{apiKey.description}</p>}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
