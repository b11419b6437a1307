import { Link } from "@tanstack/react-router";

/** What limits and alerts stand on, and much else that has a page: as the API answers it, with its type. */
export interface Subject {
  __typename?: string;
  id: string;
  name?: string | null;
}

/** The page of an API key, a workspace or the organization, or the list that a member or an access token is in, by its id; else undefined. */
export function subjectPath(id: string): string | undefined {
  if (id.startsWith("key_")) return `/keys/${id}`;
  if (id.startsWith("ws_")) return `/workspaces/${id}`;
  if (id.startsWith("org_")) return "/organization";
  if (id.startsWith("mem_")) return "/members";
  return id.startsWith("tok_") ? "/access-tokens" : undefined;
}

/** What it is, in words, by its id. */
export function subjectKind(id: string): string {
  if (id.startsWith("key_")) return "API key";
  return id.startsWith("ws_") ? "Workspace" : "Organization";
}

/** The name of a subject, or its id, which leads to its page; of one that was deleted, what it was. */
export function SubjectLink({ subject, id }: { subject: Subject | null | undefined; id: string }) {
  const path = subjectPath(id);
  if (subject == null) return <>{subjectKind(id)} that was deleted</>;
  const name = subject.name || id;
  return path === undefined ? <>{name}</> : <Link to={path}>{name}</Link>;
}
