import { dayIn } from "../../time/place";
import type { ServerFile } from "../../app/SaveFile";
import type { UsageVariables } from "./query";

/**
 * The files of a report: its buckets, the same in the columns of FOCUS, and the events that it is the sum of. FOCUS has rows of its own,
 * no weeks and days of UTC alone, and events are of one key or of an owner, so that of several keys there is no file: see the manual's page for finance.
 */
export function filesOf({ filter, interval, groupBy, timeZone, weekStartsOn }: UsageVariables): ServerFile[] {
  const common = new URLSearchParams({ from: filter.from, to: filter.to });
  for (const provider of filter.providers ?? []) common.append("providers", provider);
  for (const model of filter.models ?? []) common.append("models", model);
  for (const tier of filter.serviceTiers ?? []) common.append("serviceTiers", tier);
  const keys = filter.apiKeyIds ?? [];

  const report = new URLSearchParams(common);
  if (filter.subjectId !== null) report.set("subjectId", filter.subjectId);
  for (const key of keys) report.append("apiKeyIds", key);
  const focus = new URLSearchParams(report);
  focus.set("format", "focus");
  focus.set("interval", interval === "WEEK" ? "DAY" : interval);
  report.set("interval", interval);
  if (timeZone !== undefined) report.set("timeZone", timeZone);
  if (weekStartsOn !== undefined) report.set("weekStartsOn", weekStartsOn);
  for (const dimension of groupBy) report.append("groupBy", dimension);

  const events = new URLSearchParams(common);
  if (keys[0] !== undefined) events.set("apiKeyId", keys[0]);
  else if (filter.subjectId !== null) events.set("ownerId", filter.subjectId);

  const name = (what: string) => `bursar-${what}-${dayIn(new Date(filter.from), timeZone ?? "UTC")}.csv`;
  return [
    { label: "Report, CSV", address: `/export/usage.csv?${report}`, name: name("usage") },
    { label: "Report for finance tools, FOCUS", address: `/export/usage.csv?${focus}`, name: name("usage-focus") },
    ...(keys.length > 1 ? [] : [{ label: "Single events, CSV", address: `/export/events.csv?${events}`, name: name("events") }]),
  ];
}
