import { requestHeaders } from "./client";
import type { Credentials } from "./credentials";

/**
 * Saves what a path answers as a file. The bearer token travels in a header, so a plain link would not do. Rejects with the
 * server's message.
 */
export async function download(path: string, name: string, credentials: Credentials, organizationId: string | undefined): Promise<void> {
  const response = await fetch(path, { headers: requestHeaders(credentials, organizationId) });
  if (!response.ok) throw new Error((await response.text()).trim() || `The server answers ${response.status}.`);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
