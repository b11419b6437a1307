import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

// The table of API keys, without a browser: its address, and which limit its bars show.

const [list, tight] = await Promise.all(["pages/keys/list.ts", "pages/keys/tightest.ts"].map(load));

// Guarantee: the address holds the whole state: reading what was written gives the same; what somebody has written by hand and makes no
// sense is left out, and never reaches the API.
test("the address is the state", () => {
  const search = { q: "bsr_ab", status: ["ACTIVE", "REVOKED"], owner: "ws_1", by: "mem_1", order: "name", size: 100, after: "c" };
  assert.deepEqual(list.readSearch(search), search);
  assert.deepEqual(list.readSearch({ q: 5, status: ["NO", "ACTIVE", "ACTIVE"], order: "up", size: "7", before: "b", x: 1 }), { status: ["ACTIVE"], before: "b" });
  assert.deepEqual(list.readSearch({ status: "REVOKED", order: "-created", size: 50, after: "a", before: "b" }), { status: ["REVOKED"], after: "a" });
});

// Guarantee: a secret that is pasted into the search, or into an address, goes no further than its prefix.
test("a secret stays out of the address", () => {
  const secret = `bsr_Ab12Cd${"x".repeat(43)}`;
  assert.equal(list.searchable(` ${secret} `), "bsr_Ab12Cd");
  assert.deepEqual(list.readSearch({ q: `key ${secret}` }), { q: "key bsr_Ab12Cd" });
  assert.equal(list.searchable("bsr_Ab1"), "bsr_Ab1");
});

// Guarantee: another filter or order begins at the first page; another page keeps filter and order.
test("changes of the address", () => {
  const search = { q: "x", order: "name", after: "c" };
  assert.deepEqual(list.changed(search, { status: ["ACTIVE"] }), { q: "x", order: "name", status: ["ACTIVE"] });
  assert.deepEqual(list.changed(search, { before: "d" }), { q: "x", order: "name", before: "d" });
  assert.deepEqual(list.changed(search, { q: undefined }), { order: "name" });
});

// Guarantee: the operation asks for keys of one organization, for what the address says, revoked keys only when they are asked for; a page before another is its last.
test("variables", () => {
  assert.deepEqual(list.variablesOf({}, "org_1"), {
    filter: { organizationId: "org_1", statuses: ["ACTIVE", "DISABLED", "EXHAUSTED", "EXPIRED"] }, orderBy: { field: "CREATED_AT", direction: "DESC" }, first: 50, after: null,
  });
  assert.deepEqual(list.variablesOf({ q: "a", owner: "ws_1", by: "mem_1", status: ["REVOKED"], order: "used", size: 25, before: "c" }, "org_1"), {
    filter: { organizationId: "org_1", statuses: ["REVOKED"], search: "a", ownerId: "ws_1", createdById: "mem_1" }, orderBy: { field: "LAST_USED_AT", direction: "ASC" }, last: 25, before: "c",
  });
});

// Guarantee: a head that is clicked orders the way that is of more use first, then the other.
test("order of a column", () => {
  assert.equal(list.nextOrder(undefined, "created"), "created");
  assert.equal(list.nextOrder(undefined, "name"), "name");
  assert.equal(list.nextOrder("name", "name"), "-name");
  assert.equal(list.nextOrder("name", "used"), "-used");
});

// Guarantee: the limit that is shown is the one of which most is used and held; what is above its limit is told as such.
test("the tightest limit", () => {
  const limits = [{ id: 1, amount: "100", used: "40", reserved: "0" }, { id: 2, amount: "10", used: "3", reserved: "2" }, { id: 3, amount: "4", used: "2", reserved: "0" }];
  assert.equal(tight.tightest(limits, (one) => one.amount).id, 2);
  assert.equal(tight.tightest([], (one) => one.amount), undefined);
  assert.deepEqual(tight.sharesOf({ used: "12", reserved: "0.5" }, "10"), { used: 1.2, held: 0.05 });
  assert.deepEqual(tight.sharesOf({ used: 30, reserved: 0 }, 60), { used: 0.5, held: 0 });
});
