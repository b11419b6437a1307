/** What a file is fetched with: the session's headers, and how to stop. */
export interface Request {
  headers: HeadersInit;
  signal?: AbortSignal;
  /** Told how many bytes have come, with every part that comes. */
  onProgress?: (bytes: number) => void;
}

/** What the server said about a request that it refused; its errors are GraphQL's, as JSON, or a line of text. */
async function reasonOf(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  try {
    const message: unknown = JSON.parse(text).errors?.[0]?.message;
    if (typeof message === "string") return message;
  } catch {
    // no JSON: the text is the reason
  }
  return text !== "" && text.length < 300 ? text : `The server answered ${response.status}.`;
}

/** Counts what passes. */
function counting(onProgress: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(part, controller) {
      bytes += part.byteLength;
      onProgress(bytes);
      controller.enqueue(part);
    },
  });
}

/**
 * Fetches a file that asks for a token, which a link cannot send, and saves it as `name`. The browser keeps what has come out of
 * the page's memory. Fails with the server's reason, and when the answer ends early: then nothing is saved.
 */
export async function download(address: string, name: string, { headers, signal, onProgress = () => {} }: Request): Promise<void> {
  const response = await fetch(address, { headers, signal, cache: "no-store" });
  if (!response.ok || response.body === null) throw new Error(await reasonOf(response));
  const contentType = response.headers.get("Content-Type") ?? "application/octet-stream";
  const counted = new Response(response.body.pipeThrough(counting(onProgress)), { headers: { "Content-Type": contentType } });
  const url = URL.createObjectURL(await counted.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to save by then, or never will.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
