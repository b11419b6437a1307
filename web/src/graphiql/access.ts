/** What is known about the token: the state that the bar above GraphiQL shows. */
export type Access =
  | { state: "missing" }
  | { state: "malformed" }
  | { state: "checking" }
  | { state: "accepted"; role: string; organization: string | undefined }
  | { state: "refused" }
  | { state: "failed"; reason: string };

/** An answer of the GraphQL server, as far as this page reads it. */
export interface Answer {
  data?: unknown;
  errors?: ReadonlyArray<{ message: string; extensions?: { code?: string } }>;
}

/** Whether the server did not accept the token: none, a wrong, an expired or a revoked one. */
export function refusesToken(status: number, answer: Answer): boolean {
  return status === 401 || (answer.errors ?? []).some((error) => error.extensions?.code === "UNAUTHENTICATED");
}

/** What an answer to the Viewer query says about the token that it was sent with. */
export function accessFromViewer(status: number, answer: Answer): Access {
  if (refusesToken(status, answer)) return { state: "refused" };
  const { viewer } = (answer.data ?? {}) as { viewer?: { role: string; organization?: { slug: string } | null } | null };
  if (viewer) return { state: "accepted", role: viewer.role, organization: viewer.organization?.slug };
  return { state: "failed", reason: answer.errors?.[0]?.message ?? `the server answered with HTTP ${status}` };
}
