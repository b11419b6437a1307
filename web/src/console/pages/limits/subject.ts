import type { SetLimitsInput, SubjectLimitsFragment } from "../../gql/graphql";
import { draftOf, type KeyDraft } from "../keys/form/draft";
import { updateInput } from "../keys/form/input";

/** A workspace or an organization as the form of limits edits it: as an API key of which only limits and recipients are shown. */
export const limitsDraft = (subject: Pick<SubjectLimitsFragment, "id" | "name" | "version" | "budgetLimits" | "rateLimits" | "recipients">): KeyDraft =>
  draftOf({ ...subject, owner: { id: subject.id }, metadata: {}, emailNotifications: true });

/** What makes a subject's limits what a draft without errors says; undefined when nothing is different. */
export function limitsInput(id: string, version: number, base: KeyDraft, draft: KeyDraft): SetLimitsInput | undefined {
  const input = updateInput(id, version, base, draft);
  if (input === undefined) return undefined;
  const { budgetLimits, rateLimits, recipients } = input;
  return {
    subjectId: id,
    expectedVersion: version,
    ...(budgetLimits && { budgetLimits }),
    ...(rateLimits && { rateLimits }),
    ...(recipients && { recipients }),
  };
}
