import type { ServerFile } from "../../app/SaveFile";
import type { UsageVariables } from "./query";

/** The files of a report: its buckets, the same for finance tools, and the events that it is the sum of. */
export function filesOf({ filter, interval, groupBy }: UsageVariables): ServerFile[] {
  const search = new URLSearchParams({ from: filter.from, to: filter.to });
  if (filter.subjectId !== null) search.set("subjectId", filter.subjectId);
  for (const key of filter.apiKeyIds ?? []) search.append("apiKeyIds", key);
  for (const provider of filter.providers ?? []) search.append("providers", provider);
  for (const model of filter.models ?? []) search.append("models", model);
  const buckets = new URLSearchParams(search);
  buckets.set("interval", interval);
  for (const dimension of groupBy) buckets.append("groupBy", dimension);
  const name = (what: string) => `bursar-${what}-${filter.from.slice(0, 10)}.csv`;
  return [
    { label: "Report, CSV", address: `/export/usage.csv?${buckets}`, name: name("usage") },
    { label: "Report for finance tools, FOCUS", address: `/export/usage.csv?${buckets}&format=focus`, name: name("usage-focus") },
    { label: "Single events, CSV", address: `/export/events.csv?${search}`, name: name("events") },
  ];
}
