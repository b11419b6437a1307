import { SubjectLink } from "../../app/SubjectLink";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Format";
import styles from "./AuditEntry.module.css";
import { actionName, changesOf, textOf, type Change } from "./diff";
import { actorName, detailOf, kindOf, Target, type Entry } from "./names";
import { outageSentences } from "./outage";
import type { AuditState } from "./search";

interface Properties {
  entry: Entry;
  onNarrow: (next: Partial<AuditState>) => void;
}

/** One change: who, what and when, and behind it what it was before and after. */
export function AuditEntry({ entry, onNarrow }: Properties) {
  const changes = changesOf(entry.before, entry.after);
  const detail = detailOf(entry);
  return (
    <details className={styles.entry}>
      <summary className={styles.summary}>
        <Icon name="right" />
        <span className={styles.action}>{actionName(entry.action)}</span>
        <span className={styles.target}>
          <span className={styles.kind}>{kindOf(entry.targetId)}</span> <Target entry={entry} />
          {detail && <span className={styles.detail}> {detail}</span>}
        </span>
        <span className={styles.actor}>{actorName(entry)}</span>
        <span className={styles.at}>
          <Time at={entry.at} />
        </span>
      </summary>
      <div className={styles.body}>
        {outageSentences(entry).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {entry.reason && <p className={styles.reason}>Reason: {entry.reason}</p>}
        <Changes changes={changes} created={entry.before == null} deleted={entry.after == null} />
        <Origin entry={entry} onNarrow={onNarrow} />
      </div>
    </details>
  );
}

const signs: Record<Change["kind"], string> = { added: "set", removed: "taken away", changed: "changed", same: "" };

/** What differs, and behind a button what does not. */
function Changes({ changes, created, deleted }: { changes: Change[]; created: boolean; deleted: boolean }) {
  const different = changes.filter(({ kind }) => kind !== "same");
  const same = changes.filter(({ kind, after, before }) => kind === "same" && (after ?? before) != null);
  if (changes.length === 0) return <p>The entry has no values.</p>;
  return (
    <>
      {different.length > 0 && <ChangeTable label="What changed" changes={different} before={!created} after={!deleted} />}
      {different.length === 0 && <p>No value that is kept has changed.</p>}
      {same.length > 0 && (
        <details className={styles.same}>
          <summary>{same.length === 1 ? "1 value that stayed" : `${same.length} values that stayed`}</summary>
          <ChangeTable label="What stayed" changes={same} before={false} after />
        </details>
      )}
    </>
  );
}

function ChangeTable({ label, changes, before, after }: { label: string; changes: Change[]; before: boolean; after: boolean }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.changes}>
        <thead>
          <tr>
            <th scope="col">Value</th>
            {before && <th scope="col">Before</th>}
            {after && <th scope="col">{before ? "After" : "Is"}</th>}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path}>
              <th scope="row">
                {change.path}
                {before && after && <span className="visually-hidden"> {signs[change.kind]}</span>}
              </th>
              {before && (
                <td>
                  {change.before == null ? (
                    <span className={styles.nothing}>–</span>
                  ) : change.kind === "same" ? (
                    textOf(change.before)
                  ) : (
                    <del>{textOf(change.before)}</del>
                  )}
                </td>
              )}
              {after && (
                <td>
                  {change.after == null ? (
                    <span className={styles.nothing}>–</span>
                  ) : change.kind === "same" ? (
                    textOf(change.after)
                  ) : (
                    <ins>{textOf(change.after)}</ins>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Exact names for support and for other logs, and the way to what belongs to this. */
function Origin({ entry, onNarrow }: Properties) {
  const isId = /^(mem|tok)_/.test(entry.actor);
  // What has a page of its own; the summary has no link, for it is a button.
  const target =
    entry.target && "name" in entry.target && /^(key|ws|org)_/.test(entry.target.id)
      ? { id: entry.target.id, name: entry.target.name }
      : undefined;
  return (
    <>
      <dl className={styles.origin}>
        <Fact term="When" value={<Time at={entry.at} absolute />} />
        <Fact term="Actor" value={<code>{entry.actor}</code>} />
        <Fact
          term="Target"
          value={
            <>
              {target && <SubjectLink subject={target} id={target.id} />} <code>{entry.targetId}</code>
            </>
          }
        />
        {entry.requestId && <Fact term="Request" value={<code>{entry.requestId}</code>} />}
      </dl>
      <div className={styles.actions}>
        <Button small onClick={() => onNarrow({ target: entry.targetId })}>
          All changes of this {kindOf(entry.targetId).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}
        </Button>
        {isId && (
          <Button small onClick={() => onNarrow({ actor: entry.actor })}>
            All by {actorName(entry)}
          </Button>
        )}
        <CopyButton text={entry.id} label="Copy id of the entry" iconOnly />
      </div>
    </>
  );
}

function Fact({ term, value }: { term: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
