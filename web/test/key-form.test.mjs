import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

// The form of an API key, without a browser: what was typed, what is wrong with it, and what is sent.

const folder = "pages/keys/form";
const [decimal, draft, amounts, checks, fields, inputs, addresses, merges, removals, describe] = await Promise.all(
  ["decimal", "draft", "amounts", "check", "fields", "input", "addresses", "merge", "removals", "describe"].map((name) => load(`${folder}/${name}.ts`)),
);

// Of a budget whose periods begin at 00:00 UTC, and which is enforced: as it is saved, and as it is typed.
const calendar = { alertRecipients: [], timeZone: "UTC", weekStartsOn: "SUNDAY", dayOfMonth: 1, resetDays: null, resetAnchor: null, enabled: true, mode: "ENFORCE" };
const enforced = { enabled: true, mode: "ENFORCE" };
const typed = { ...calendar, named: [], dayOfMonth: "1", resetDays: "", resetAnchor: "" };

const saved = (changes = {}) => ({
  id: "key_1",
  version: 3,
  name: "Assistant",
  description: "Chat",
  owner: { id: "ws_1" },
  expiresAt: null,
  metadata: { team: "search" },
  emailNotifications: true,
  recipients: [
    { email: "owner@acme.test", source: "OWNER" },
    { email: "ops@acme.test", source: "ADDED" },
  ],
  budgetLimits: [
    { id: "bud_1", type: "COST", amount: "100", alertThresholds: ["50", "80"], alertThresholdPercents: [], periodicReset: "MONTHLY", ...calendar },
    { id: "bud_2", type: "TOKENS", amount: "1000000", alertThresholds: [], alertThresholdPercents: [], periodicReset: "WEEKLY", ...calendar },
  ],
  rateLimits: [{ id: "rat_1", type: "REQUESTS", limit: 60, interval: "MINUTE", enabled: true, mode: "ENFORCE" }],
  ...changes,
});
const base = draft.draftOf(saved());
const budget = (changes) => ({ key: "b", id: null, type: "COST", amount: "100", thresholds: [], periodicReset: "MONTHLY", ...typed, ...changes });
const percent = (text) => ({ key: `p${text}`, text, unit: "PERCENT" });
const amount = (text) => ({ key: `a${text}`, text, unit: "AMOUNT" });

// Guarantee: a number is read exactly, with digits in groups as people write them, or it is refused with a sentence; none is rounded.
test("decimals are exact", () => {
  for (const [text, written] of [
    ["12.50", "12.5"],
    [" $ 1,250.00 ", "1250"],
    ["1 000 000", "1000000"],
    [".5", "0.5"],
    ["5.", "5"],
    ["0.000000001", "0.000000001"],
    ["9223372036.854775807", "9223372036.854775807"],
    ["00012", "12"],
    ["0.1000000000", "0.1"],
  ]) {
    const parsed = decimal.parseDecimal(text);
    assert.ok(parsed.ok, text);
    assert.equal(decimal.formatDecimal(parsed.units), written, text);
  }
  for (const text of ["", " ", "-1", "1,5", "1,00", "1e3", "1.2.3", "abc", "0.0000000001", "1 00", "$", "∞", "1,0000"]) {
    assert.ok(!decimal.parseDecimal(text).ok, text);
  }
  assert.ok(!decimal.parseWhole("1.5").ok);
  assert.equal(decimal.groupDecimal(decimal.parseDecimal("1234567.5").units, 2), "1,234,567.50");
});

// Guarantee: a percentage of an amount is cut to what the unit can say, never above the percentage, and is shown both ways.
test("thresholds are amounts or percentages", () => {
  const of = (changes, threshold) => amounts.thresholdUnits(budget(changes), threshold);
  assert.equal(decimal.formatDecimal(of({}, percent("80")).units), "80");
  assert.equal(decimal.formatDecimal(of({ amount: "10" }, percent("33.3")).units), "3.33");
  assert.equal(decimal.formatDecimal(of({ type: "TOKENS", amount: "10" }, percent("33.3")).units), "3");
  assert.equal(of({ amount: "x" }, percent("80")).ok, false);
  assert.deepEqual(amounts.thresholdTexts(budget({}), percent("80")), { percent: "80%", amount: "$80.00" });
  assert.deepEqual(amounts.thresholdTexts(budget({ amount: "3" }), amount("1")), { percent: "33.3%", amount: "$1.00" });
  assert.deepEqual(amounts.thresholdTexts(budget({ type: "TOKENS", amount: "2000" }), amount("1")), { percent: "0%", amount: "1 token" });
  assert.deepEqual(amounts.readThreshold(" 80 % ", "AMOUNT", "k"), { key: "k", text: "80", unit: "PERCENT" });
  assert.deepEqual(amounts.readThreshold("$5", "PERCENT", "k"), { key: "k", text: "$5", unit: "AMOUNT" });
  assert.deepEqual(amounts.readThreshold("50", "PERCENT", "k"), { key: "k", text: "50", unit: "PERCENT" });
});

// Guarantee: all that is wrong is told at once, each beside its own field, as the server tells it; a right draft has no errors.
test("everything wrong at once", () => {
  assert.deepEqual(checks.check(base), {});
  const wrong = {
    ...base,
    ownerId: "",
    name: " ",
    description: "x".repeat(2001),
    metadata: [
      { key: "1", name: "", value: "" },
      { key: "2", name: "a", value: "" },
      { key: "3", name: "a", value: `bsr_${"a".repeat(49)}` },
    ],
    recipients: ["no", "ok@acme.test"],
    budgets: [
      budget({ key: "b1", amount: "0.5" }),
      budget({ key: "b2", amount: "5", thresholds: [amount("9"), amount("1.0"), amount("1"), percent("0"), amount("x")] }),
      budget({ key: "b3", type: "TOKENS", amount: "1.5", thresholds: [percent("50")] }),
      budget({ key: "b4", type: "TOKENS", periodicReset: "NONE", amount: "9223372036854775808" }),
      budget({ key: "b5", periodicReset: "NONE", amount: "0", thresholds: Array.from({ length: 21 }, (_, i) => ({ ...amount("1"), key: `t${i}` })) }),
    ],
    rates: [
      { key: "r1", id: null, type: "TOKENS", limit: "0", interval: "DAY" },
      { key: "r2", id: null, type: "TOKENS", limit: "", interval: "DAY" },
      { key: "r3", id: null, type: "TOKENS", limit: "9007199254740992", interval: "HOUR" },
    ],
  };
  const errors = checks.check(wrong);
  for (const field of [
    "ownerId", "name", "description", "metadata/1", "metadata/2", "metadata/3", "recipients/no", "budgetLimits/b1/amount", "budgetLimits/b2/type",
    "budgetLimits/b2/alertThresholds/a9", "budgetLimits/b2/alertThresholds/a1", "budgetLimits/b2/alertThresholds/p0", "budgetLimits/b2/alertThresholds/ax",
    "budgetLimits/b3/amount", "budgetLimits/b4/amount", "budgetLimits/b5/amount", "budgetLimits/b5/alertThresholds", "rateLimits/r1/limit",
    "rateLimits/r2/limit", "rateLimits/r2/type", "rateLimits/r3/limit",
  ]) {
    assert.match(errors[field] ?? "", /^[A-Z].*\.$/s, field);
  }
  assert.equal(errors["budgetLimits/b3/alertThresholds/p50"], undefined, "what depends on a wrong amount is not told as well");
  assert.equal(errors["recipients/ok@acme.test"], undefined);
});

// Guarantee: an error of the API stands beside the field that its path names, as the reason without the path; what the form does not show
// is told for the whole form, and nothing is lost.
test("errors of the API find their fields", () => {
  const error = (field, reason, message = `${field}: ${reason}`) => ({ message, extensions: { field, reason } });
  const form = { ...base, budgets: [budget({ key: "new", thresholds: [percent("80"), amount("5")] }), ...base.budgets] };
  const { fields: beside, rest } = fields.errorsOf(form, [
    error("name", "Must not be empty."),
    error("budgetLimits.0.amount", "Is too large."),
    error("budgetLimits.0.alertThresholds.0", "Is given twice."),
    error("budgetLimits.0.alertThresholdPercents.0", "Must be 1 to 99."),
    error("budgetLimits.1.alertThresholds", "Each must be below the amount."),
    error("budgetLimits.2", "The organization's plan does not include governance."),
    error("rateLimits.0.limit", "Must be 1 or more."),
    error("recipients.0", "Is outside."),
    error("recipients", "Too many."),
    error("clear.0", "Given."),
    error("createdById", "No such member."),
    { message: "internal error" },
    error("name", "And more."),
  ]);
  assert.deepEqual(beside, {
    name: "Must not be empty. And more.",
    "budgetLimits/new/amount": "Is too large.",
    "budgetLimits/new/alertThresholds/a5": "Is given twice.",
    "budgetLimits/new/alertThresholds/p80": "Must be 1 to 99.",
    "budgetLimits/bud_1/alertThresholds": "Each must be below the amount.",
    "budgetLimits/bud_2": "The organization's plan does not include governance.",
    "rateLimits/rat_1/limit": "Must be 1 or more.",
    "recipients/ops@acme.test": "Is outside.",
    recipients: "Too many.",
    expiresAt: "Given.",
  });
  assert.deepEqual(rest, ["No such member.", "internal error"]);
  assert.deepEqual(Object.keys(fields.withoutErrors(beside, "budgetLimits/new/amount")).includes("budgetLimits/new/amount"), false);
  assert.deepEqual(Object.keys(fields.withoutErrors({ "budgetLimits/a": "", "budgetLimits/ab/type": "", budgetLimits: "" }, "budgetLimits/a/type")), ["budgetLimits/ab/type"]);
});

// Guarantee: what nobody changed is not sent; a list is sent whole as soon as something in it changes, saved rows by id with what is
// different in them alone, new ones whole; another type sends all amounts.
test("what is sent", () => {
  assert.equal(inputs.updateInput("key_1", 3, base, base), undefined);
  const rewritten = { ...base, budgets: base.budgets.map((one) => ({ ...one, amount: `${one.amount}.00`, thresholds: [...one.thresholds].reverse() })), recipients: ["OPS@acme.test"] };
  assert.equal(inputs.updateInput("key_1", 3, base, rewritten), undefined, "the same in other words is no change");
  const changed = {
    ...base,
    description: "",
    budgets: [{ ...base.budgets[0], amount: "200", thresholds: [percent("50"), percent("90")] }, budget({ type: "TOKENS", amount: "5", periodicReset: "NONE", thresholds: [] })],
    recipients: [...base.recipients, "new@acme.test"],
  };
  assert.deepEqual(inputs.updateInput("key_1", 3, base, changed), {
    id: "key_1",
    expectedVersion: 3,
    description: null,
    recipients: ["ops@acme.test", "new@acme.test"],
    budgetLimits: [{ id: "bud_1", amount: "200", alertThresholds: [], alertThresholdPercents: [50, 90] }, { type: "TOKENS", amount: "5", alertThresholds: [], alertThresholdPercents: [], periodicReset: "NONE", ...enforced }],
  });
  const typed = { ...base, budgets: [{ ...base.budgets[0], type: "TOKENS", thresholds: [] }, base.budgets[1]] };
  assert.deepEqual(inputs.updateInput("key_1", 3, base, typed).budgetLimits, [
    { id: "bud_1", type: "TOKENS", amount: "100", alertThresholds: [], alertThresholdPercents: [], periodicReset: "MONTHLY", timeZone: "UTC", dayOfMonth: 1, ...enforced }, { id: "bud_2" },
  ]);
  assert.deepEqual(inputs.createInput({ ...draft.newDraft("org_1"), name: "A" }), { ownerId: "org_1", name: "A" });
  assert.deepEqual(inputs.createInput({ ...draft.newDraft("org_1"), name: "A", emailNotifications: false, budgets: [budget({ amount: "1,000" })] }), {
    ownerId: "org_1", name: "A", emailNotifications: false,
    budgetLimits: [{ type: "COST", amount: "1000", alertThresholds: [], alertThresholdPercents: [], periodicReset: "MONTHLY", timeZone: "UTC", dayOfMonth: 1, ...enforced }],
  });
});

// Guarantee: who hears of single alerts is sent with the threshold as that is set, and only where it changes; taken away, it is an empty list; what is about a threshold that goes is not sent. What is
// wrong stands beside the alert, also when the API says it.
test("who hears of single alerts", () => {
  const named = (about, emails, too = false) => ({ about, emails, too });
  const one = { ...base.budgets[0], thresholds: [...base.budgets[0].thresholds, percent("90")], named: [named("50", ["lead@acme.test"]), named("p90", ["f@acme.test"], true), named("gone", []), named("EXHAUSTED", [], true)] };
  const form = { ...base, budgets: [one, base.budgets[1]] };
  assert.deepEqual(inputs.updateInput("key_1", 3, base, form).budgetLimits, [
    {
      id: "bud_1",
      alertThresholdPercents: [90],
      alertRecipients: [
        { kind: "THRESHOLD", threshold: "50", emails: ["lead@acme.test"], includeSubjectRecipients: false },
        { kind: "THRESHOLD", thresholdPercent: 90, emails: ["f@acme.test"], includeSubjectRecipients: true },
        { kind: "EXHAUSTED", emails: [], includeSubjectRecipients: true },
      ],
    },
    { id: "bud_2" },
  ]);
  const known = draft.draftOf(
    saved({
      budgetLimits: [
        { ...saved().budgetLimits[0], alertThresholdPercents: [90], alertRecipients: [
          { kind: "THRESHOLD", threshold: "50", thresholdPercent: null, emails: ["lead@acme.test"], includeSubjectRecipients: false },
          { kind: "THRESHOLD", threshold: null, thresholdPercent: 90, emails: ["f@acme.test"], includeSubjectRecipients: true },
          { kind: "REFUSED", threshold: null, thresholdPercent: null, emails: [], includeSubjectRecipients: true },
        ] },
      ],
    }),
  );
  assert.deepEqual(known.budgets[0].named, [named("50", ["lead@acme.test"]), named("90%", ["f@acme.test"], true), named("REFUSED", [], true)]);
  assert.equal(inputs.updateInput("key_1", 3, known, known), undefined);
  const without = { ...known, budgets: [{ ...known.budgets[0], named: [] }] };
  assert.deepEqual(inputs.updateInput("key_1", 3, known, without).budgetLimits, [{ id: "bud_1", alertRecipients: [] }]);
  assert.deepEqual(checks.check({ ...known, budgets: [{ ...known.budgets[0], named: [named("50", [])] }] }), {
    "budgetLimits/bud_1/alertRecipients/50": "Add an address: somebody has to hear of it.",
  });
  assert.match(describe.describeBudget(known.budgets[0]), /^\$100\.00 a month, alerts at .*; 3 alerts tell lead@acme\.test, f@acme\.test, all recipients$/);
  const error = (field, reason) => ({ message: reason, extensions: { field, reason } });
  assert.deepEqual(fields.errorsOf(known, [error("budgetLimits.0.alertRecipients.1.emails.0", "Is outside.")]).fields, { "budgetLimits/bud_1/alertRecipients/90%": "Is outside." });
});

// Guarantee: a budget that counts something else keeps no amount of the old unit, and has its own back when it is again what is saved. New
// rows do not repeat what is there.
test("types and new rows", () => {
  const tokens = draft.withType({ ...base.budgets[0], thresholds: [...base.budgets[0].thresholds, percent("80")] }, "TOKENS", base.budgets[0]);
  assert.equal(tokens.amount, "");
  assert.deepEqual(tokens.thresholds, [percent("80")]);
  assert.deepEqual(draft.withType(tokens, "COST", base.budgets[0]), base.budgets[0]);
  const next = draft.newBudget(base, "n");
  assert.deepEqual([next.type, next.periodicReset], ["COST", "WEEKLY"]);
  assert.equal(draft.newRate(base, "n").interval, "HOUR");
  assert.deepEqual(checks.check({ ...base, budgets: [...base.budgets, { ...next, amount: "10" }] }), {});
});

// Guarantee: a pasted list gives every address once, whatever parts it and however mail programs wrap it; what is none is named.
test("pasted addresses", () => {
  const found = addresses.readAddresses(
    `"Doe, Jane" <jane@acme.test>, Bob <bob@acme.test>; carol@acme.test\n\n<dave@acme.test> mailto:eve@acme.test  JÖRG@acme.test jörg@acme.test\tops@acme.test nobody@ @x a@b@c`,
    ["OPS@acme.test"],
  );
  assert.deepEqual(found, {
    added: ["jane@acme.test", "bob@acme.test", "carol@acme.test", "dave@acme.test", "eve@acme.test", "JÖRG@acme.test"],
    known: ["jörg@acme.test", "ops@acme.test"],
    wrong: ["nobody@", "@x", "a@b@c"],
  });
  assert.equal(addresses.aboutAddresses(found), "Not e-mail addresses: nobody@, @x, a@b@c. 2 are there already.");
  assert.deepEqual(addresses.readAddresses(" \n,; ", []), { added: [], known: [], wrong: [] });
  assert.ok(!addresses.isAddress(`${"a".repeat(250)}@b.test`));
});

// Guarantee: of two edits each side's own changes are kept by themselves, what both changed is asked, and whatever is chosen, the result has
// it; a limit that is deleted there is made anew; nothing of the other side is lost unseen.
test("two edits at once", () => {
  const mine = { ...base, name: "Mine", budgets: [{ ...base.budgets[0], amount: "150" }, { ...base.budgets[1], amount: "5" }], recipients: ["ops@acme.test", "me@acme.test"] };
  const theirs = {
    ...base, name: "Theirs", description: "New", budgets: [{ ...base.budgets[0], periodicReset: "WEEKLY" }], rates: [],
    recipients: ["them@acme.test", "ops@acme.test"],
  };
  const found = merges.differences(base, mine, theirs, (id) => id);
  assert.deepEqual(
    found.map((one) => [one.key, one.by]),
    [["name", "both"], ["description", "theirs"], ["bud_1", "both"], ["bud_2", "both"], ["rat_1", "theirs"], ["recipients/me@acme.test", "mine"], ["recipients/them@acme.test", "theirs"]],
  );
  assert.deepEqual(found.find((one) => one.key === "bud_2"), {
    key: "bud_2", label: "Budget", by: "both",
    base: "1,000,000 tokens a week, no alerts before it is used up", mine: "5 tokens a week, no alerts before it is used up", theirs: "none",
  });
  const all = merges.merge(base, mine, theirs, () => undefined);
  assert.deepEqual([all.name, all.description, all.budgets[0].amount, all.budgets[0].periodicReset, all.rates], ["Mine", "New", "150", "MONTHLY", []]);
  assert.deepEqual([all.budgets[1].id, all.budgets[1].amount], [null, "5"]);
  assert.deepEqual([...all.recipients].sort(), ["me@acme.test", "ops@acme.test", "them@acme.test"]);
  const others = merges.merge(base, mine, theirs, (key) => (key === "recipients/me@acme.test" ? undefined : "theirs"));
  assert.deepEqual(others, { ...theirs, recipients: [...theirs.recipients, "me@acme.test"] });
  assert.ok(merges.sameDraft(merges.merge(base, mine, theirs, () => "mine"), { ...mine, budgets: all.budgets }));
  assert.deepEqual(merges.differences(base, mine, mine, (id) => id), []);
});

// Guarantee: before a save deletes a limit or has a budget start again, it can be told which.
test("what a save takes away", () => {
  assert.deepEqual(removals.lostBySaving(base, base), { deleted: [], restarted: [] });
  assert.deepEqual(removals.lostBySaving(base, { ...base, budgets: [{ ...base.budgets[0], periodicReset: "NONE" }], rates: [] }), {
    deleted: ["1,000,000 tokens a week, no alerts before it is used up", "60 requests a minute"],
    restarted: ["$100.00 in all, alerts at $50.00, $80.00"],
  });
  assert.equal(describe.describeRate({ key: "", id: null, type: "TOKENS", limit: "1", interval: "DAY", enabled: true, mode: "ENFORCE" }), "1 token a day");
});
