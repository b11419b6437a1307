import type { AuditPageQuery } from "../../gql/graphql";
import { amount, count } from "../../ui/format";
import { changesOf, counted } from "./diff";
import { outageDetail } from "./outage";

export type Entry = NonNullable<AuditPageQuery["auditLog"]>["nodes"][number];

/** Who made a change, as the API names them. */
interface Made {
  actor: string;
  actorNode?: { __typename: string; memberName?: string | null; email?: string; name?: string } | null;
}

/** Who made a change, in words: a person, a token, or what is behind the server's back. */
export function actorName({ actor, actorNode }: Made): string {
  if (actorNode?.__typename === "Member") return actorNode.memberName ?? actorNode.email ?? "Member";
  if (actorNode?.__typename === "AccessToken") return actorNode.name ?? "Access token";
  if (actor === "root") return "Operator";
  if (actor.startsWith("sql:")) return `SQL as ${actor.slice(4)}`;
  if (actor.startsWith("tok_")) return "Access token";
  if (actor.startsWith("mem_")) return "Member";
  return /^[a-z]+(_[a-z]+)+$/.test(actor) ? `Job ${actor}` : actor;
}

/** What an entry is about beside its target, in a few words: the values that changed, or what of the target it is. */
export function detailOf(entry: Entry): string {
  const values = (entry.after ?? entry.before) as Record<string, unknown> | null;
  if (entry.before != null && entry.after != null) {
    const changed = changesOf(entry.before, entry.after).filter(({ kind, path }) => kind !== "same" && !counted.has(path)).map(({ path }) => path);
    return changed.length > 4 ? `${changed.slice(0, 3).join(", ")} and ${changed.length - 3} more` : changed.join(", ");
  }
  if (entry.action === "reportOutage") return outageDetail(entry);
  if (values === null || entry.targetId.startsWith("mem_")) return "";
  if (typeof values.email === "string") return `recipient ${values.email}`;
  return typeof values.prefix === "string" && typeof values.name !== "string" ? `secret ${values.prefix}…` : "";
}

const kinds: Record<string, string> = {
  org: "Organization",
  ws: "Workspace",
  key: "API key",
  mem: "Member",
  tok: "Access token",
  bud: "Budget",
  rat: "Rate limit",
  alt: "Alert",
  pol: "Policy",
  prc: "Price",
  rpc: "Repricing",
  sim: "Simulation",
};

/** What kind of thing an id names. */
export const kindOf = (id: string): string => kinds[id.slice(0, id.indexOf("_"))] ?? "Thing";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** What was changed: its kind and what it is called, also when it is gone. */
export function Target({ entry }: { entry: Entry }) {
  const { target, targetId } = entry;
  const values = (entry.after ?? entry.before) as Record<string, unknown> | null;
  switch (target?.__typename) {
    case "ApiKey":
    case "Workspace":
    case "Organization":
      return <>{target.name}</>;
    case "Member":
      return <>{target.email}</>;
    case "AccessToken":
      return <>{target.name}</>;
    case "BudgetLimit":
      return <>{amount(target.amount, target.type)}</>;
    case "RateLimit":
      return (
        <>
          {count(target.limit)} {target.interval ? `${target.rateType.toLowerCase()} a ${target.interval.toLowerCase()}` : "requests in parallel"}
        </>
      );
    default:
      return <>{text(values?.name) ?? text(values?.email) ?? <code>{targetId}</code>}</>;
  }
}
