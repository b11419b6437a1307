import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

const { readPage } = await load("app/list.ts");
const { auditSearch, readAuditState, writeAuditState } = await load("pages/audit/search.ts");
const { alertSearch, readAlertState, writeAlertState } = await load("pages/alerts/search.ts");

const { exportAddress } = await load("pages/audit/exportAddress.ts");
const { mailSearch, readMailState, writeMailState } = await load("pages/mail/search.ts");

const id = (prefix) => `${prefix}_${"0".repeat(32)}`;

// An address names one page of a list: the one after a cursor, or the one before it, never both.
test("a page of a list is in its address", () => {
  assert.deepEqual(readPage({ after: "x", before: "y" }), { after: "x" });
  assert.deepEqual(readPage({ before: "y" }), { before: "y" });
  assert.deepEqual(readPage({ after: 7, before: "" }), {});
});

// A link to the audit log holds its filters and its page; what the API would refuse is left out.
test("the audit log's state survives its address", () => {
  const states = [
    readAuditState({}),
    { selection: { preset: "7d" }, actor: id("mem"), target: id("key"), action: "createApiKey" },
    { selection: { first: "2026-11-01", last: "2026-11-02" }, actor: id("tok"), target: null, action: null },
  ];
  for (const state of states) assert.deepEqual(readAuditState(writeAuditState(state)), state);
  assert.deepEqual(auditSearch({ actor: "root", target: "key_1", action: 7, range: "x", after: "c" }), { after: "c" });
});

// A link to alerts holds its filters and its page; what the API would refuse is left out.
test("the alerts' state survives its address", () => {
  const states = [readAlertState({}), { selection: { preset: "month" }, kind: "REFUSED", subject: id("ws") }];
  for (const state of states) assert.deepEqual(readAlertState(writeAlertState(state)), state);
  assert.deepEqual(alertSearch({ kind: "LOUD", subject: id("mem"), before: "c" }), { before: "c" });
});

// The file of an audit log has what its page shows: of that organization, in that range, by that actor, of that action, about that target.
test("the audit log's file has the page's filters", () => {
  const file = (state) => new URL(exportAddress(readAuditState(state), id("org"), new Date("2026-11-28T10:30:00Z")), "http://localhost");
  assert.equal(file({}).pathname, "/export/audit.csv");
  assert.deepEqual([...file({}).searchParams], [["organizationId", id("org")]]);
  assert.deepEqual(Object.fromEntries(file({ range: "today", actor: id("mem"), action: "createApiKey", target: id("key") }).searchParams), {
    organizationId: id("org"),
    from: "2026-11-28T00:00:00.000Z",
    to: "2026-11-28T11:00:00.000Z",
    actorId: id("mem"),
    action: "createApiKey",
    targetId: id("key"),
  });
});

// A link to mails holds its filters and its page; what the API would refuse is left out.
test("the mails' state survives its address", () => {
  const states = [readMailState({}), { selection: { preset: "month" }, show: "ARRIVING", to: "finance@acme.test" }];
  for (const state of states) assert.deepEqual(readMailState(writeMailState(state)), state);
  assert.deepEqual(mailSearch({ show: "LOST", address: "finance", range: "x", before: "c" }), { before: "c" });
});
