/** How long a new access token is accepted. */
export const lifetimes = ["30", "90", "365", "never", "date"] as const;
export type Lifetime = (typeof lifetimes)[number];

export const lifetimeNames: Record<Lifetime, string> = {
  "30": "30 days",
  "90": "90 days",
  "365": "A year",
  never: "Until it is revoked",
  date: "Until a day…",
};

const day = 86_400_000;

/** The first instant at which the token is refused; null for never, undefined for a day that is none. `date` is the last day, UTC. */
export function expiryOf(lifetime: Lifetime, date: string, now: Date): string | null | undefined {
  if (lifetime === "never") return null;
  if (lifetime !== "date") return new Date(now.getTime() + Number(lifetime) * day).toISOString();
  const last = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(last) ? undefined : new Date(last + day).toISOString();
}

/** Whether a token is accepted now. */
export function tokenState(token: { revokedAt?: string | null; expiresAt?: string | null }, now: Date): "ACTIVE" | "EXPIRED" | "REVOKED" {
  if (token.revokedAt != null) return "REVOKED";
  return token.expiresAt != null && Date.parse(token.expiresAt) <= now.getTime() ? "EXPIRED" : "ACTIVE";
}
