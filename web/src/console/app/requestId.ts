/** Names a call once, for the API's `requestId`: 128 random bits. Unlike crypto.randomUUID it is there without TLS, too. */
export function newRequestId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
