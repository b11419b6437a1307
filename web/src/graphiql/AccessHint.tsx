import type { Access } from "./access";

/** One line that says whether the token works and, if not, what to do about it. */
export function AccessHint({ access }: { access: Access }) {
  return (
    <p className="access" data-state={access.state} role="status">
      {accessText(access)}
    </p>
  );
}

/** What is known about the token, in a line. */
export function accessText(access: Access): string {
  switch (access.state) {
    case "missing":
      return "No token yet. Paste one to run operations: bursar dev and bursar token create print them.";
    case "malformed":
      return "This cannot be a token: it has blanks or letters outside ASCII.";
    case "checking":
      return "Checking the token…";
    case "accepted":
      return access.organization === undefined ? access.role : `${access.role} of ${access.organization}`;
    case "refused":
      return "The server refuses this token: it is wrong, expired or revoked.";
    case "failed":
      return `The token could not be checked: ${access.reason}`;
  }
}
