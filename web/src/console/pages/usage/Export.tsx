import { useLocation } from "@tanstack/react-router";
import { SaveFile } from "../../app/SaveFile";
import { CopyButton } from "../../ui/CopyButton";
import { filesOf } from "./exports";
import type { UsageVariables } from "./query";

/** The report, and what it is made of, as files; and a link to the page as it is. */
export function Export({ variables }: { variables: UsageVariables }) {
  const { href } = useLocation();
  return (
    <>
      <CopyButton text={window.location.origin + href} label="Copy link" />
      <SaveFile files={filesOf(variables)} />
    </>
  );
}
