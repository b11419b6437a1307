import { useCallback, useMemo, useState } from "react";
import { check } from "./check";
import type { KeyDraft } from "./draft";
import { errorsOf, withoutErrors, type ApiError, type Errors } from "./fields";

/** The state of a form of an API key. */
export interface DraftState {
  draft: KeyDraft;
  /** What is wrong, by field: nothing before the first attempt to save, everything from then on. */
  errors: Errors;
  /** What the server said about no field of the form. */
  rest: string[];
  /** Changes the draft. What the server said about `field` is about what was there before, and goes. */
  edit: (field: string, change: (draft: KeyDraft) => KeyDraft) => void;
  /** Replaces the draft as a whole. */
  replace: (draft: KeyDraft) => void;
  /** Checks all of it; returns what is wrong. */
  attempt: () => Errors;
  /** Notes what is typed in a field of chips and not added yet: it would be lost by saving, so saving waits for it. */
  pend: (field: string, text: string) => void;
  /** Takes over what the server refused; returns the errors beside fields. */
  refuse: (errors: readonly ApiError[]) => Errors;
}

export function useDraft(initial: KeyDraft): DraftState {
  const [draft, setDraft] = useState(initial);
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<{ fields: Errors; rest: string[] }>({ fields: {}, rest: [] });
  const [pending, setPending] = useState<Errors>({});
  const wrong = useMemo(() => ({ ...check(draft), ...unadded(pending) }), [draft, pending]);
  const pend = useCallback((field: string, text: string) => {
    setPending((known) => ((known[field] ?? "") === text ? known : { ...known, [field]: text }));
  }, []);
  const edit = useCallback((field: string, change: (draft: KeyDraft) => KeyDraft) => {
    setDraft(change);
    setRefused((known) => ({ fields: withoutErrors(known.fields, field), rest: [] }));
  }, []);
  const replace = useCallback((next: KeyDraft) => {
    setDraft(next);
    setRefused({ fields: {}, rest: [] });
  }, []);
  const refuse = (errors: readonly ApiError[]) => {
    const found = errorsOf(draft, errors);
    setRefused(found);
    return found.fields;
  };
  const attempt = () => {
    setAttempted(true);
    return wrong;
  };
  return { draft, errors: attempted ? { ...refused.fields, ...wrong } : refused.fields, rest: refused.rest, edit, replace, attempt, pend, refuse };
}

const unadded = (pending: Errors): Errors =>
  Object.fromEntries(Object.entries(pending).flatMap(([field, text]) => (text.trim() === "" ? [] : [[field, `“${text.trim()}” is not added yet: add it, or clear the field.`]])));
