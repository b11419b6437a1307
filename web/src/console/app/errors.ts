import type { CombinedError } from "@urql/core";

/** One error of the API, as pages show it. */
export interface Problem {
  /** Such as BAD_USER_INPUT; NETWORK when there was no answer. */
  code: string;
  message: string;
  /** The path of the value in the input, such as budgetLimits.0.amount; undefined when it is about no single value. */
  field: string | undefined;
  /** Names the request in the server's log. */
  requestId: string | undefined;
}

/** All problems of an answer. */
export function problems(error: CombinedError | undefined): Problem[] {
  if (error === undefined) return [];
  if (error.networkError) {
    return [{ code: "NETWORK", message: "The server cannot be reached.", field: undefined, requestId: undefined }];
  }
  return error.graphQLErrors.map(({ message, extensions }) => ({
    code: text(extensions.code) ?? "INTERNAL",
    message,
    field: text(extensions.field),
    requestId: text(extensions.requestId),
  }));
}

/** Messages by the path of the value in the input, for Field's `error`; several about one value are joined. */
export function fieldErrors(error: CombinedError | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { field, message } of problems(error)) {
    if (field !== undefined) found[field] = found[field] === undefined ? message : `${found[field]} ${message}`;
  }
  return found;
}

export function hasCode(error: CombinedError | undefined, code: string): boolean {
  return problems(error).some((problem) => problem.code === code);
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
