import { useCallback, useEffect, useState } from "react";
import viewerQuery from "../operations/viewer.graphql?raw";
import { accessFromViewer, type Access } from "./access";
import { send } from "./request";
import { isSendable } from "./token";

/** What the server made of which token; answers arrive late, perhaps after the user entered another one. */
interface Finding {
  token: string;
  access: Access;
}

/**
 * What is known about the token, asked of the server whenever the token changes, and a function for reporting that a
 * later request was refused with it (it may expire or be revoked at any time).
 */
export function useAccess(token: string): [Access, () => void] {
  const [finding, setFinding] = useState<Finding>();

  useEffect(() => {
    if (!isSendable(token)) return;
    let current = true;
    const find = (access: Access) => current && setFinding({ token, access });
    send(token, { query: viewerQuery, operationName: "Viewer" }).then(
      ({ status, answer }) => find(accessFromViewer(status, answer)),
      (error: unknown) => find({ state: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      current = false;
    };
  }, [token]);

  const refuse = useCallback(() => {
    // A refusal of an earlier token says nothing about the one whose finding has come in since.
    setFinding((known) => (known && known.token !== token ? known : { token, access: { state: "refused" } }));
  }, [token]);

  if (token === "") return [{ state: "missing" }, refuse];
  if (!isSendable(token)) return [{ state: "malformed" }, refuse];
  return [finding?.token === token ? finding.access : { state: "checking" }, refuse];
}
