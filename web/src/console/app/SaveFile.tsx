import { useState } from "react";
import { Button } from "../ui/Button";
import { Menu } from "../ui/Menu";
import { useToast } from "../ui/Toast";
import { requestHeaders } from "./client";
import { download } from "./download";
import { useSession } from "./SessionProvider";

/** A file of the server's. */
export interface ServerFile {
  label: string;
  address: string;
  /** What it is saved as. */
  name: string;
}

/** Saves files that ask for the session's token, which a link cannot send; while one comes, stops it. Several are offered in a menu. */
export function SaveFile({ files }: { files: readonly ServerFile[] }) {
  const { credentials, organizationId } = useSession();
  const show = useToast();
  const [running, setRunning] = useState<{ bytes: number; stop: AbortController }>();

  const save = async ({ address, name }: ServerFile) => {
    if (credentials === undefined) return;
    const stop = new AbortController();
    setRunning({ bytes: 0, stop });
    try {
      await download(address, name, {
        headers: requestHeaders(credentials, organizationId),
        signal: stop.signal,
        onProgress: (bytes) => setRunning({ bytes, stop }),
      });
      show(`${name} is saved.`);
    } catch (error) {
      if (!stop.signal.aborted) show(`The export failed. ${error instanceof Error ? error.message : String(error)}`, "danger");
    } finally {
      setRunning(undefined);
    }
  };

  if (running) {
    return (
      <Button icon="close" onClick={() => running.stop.abort()}>
        Stop export, {(running.bytes / 1e6).toFixed(1)} MB
      </Button>
    );
  }
  const [first] = files;
  if (files.length === 1 && first) {
    return (
      <Button icon="download" onClick={() => void save(first)}>
        {first.label}
      </Button>
    );
  }
  return (
    <Menu
      trigger={<Button icon="download">Export</Button>}
      entries={files.map((file) => ({ label: file.label, onSelect: () => void save(file) }))}
    />
  );
}
