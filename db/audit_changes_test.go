package db_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// lastChange returns both sides of the newest entry of the audit log, and their size in bytes.
func (g *gateway) lastChange() (before, after map[string]any, size int) {
	g.T.Helper()
	entries := g.audit()
	last := entries[len(entries)-1]
	must(g.T, 0, json.Unmarshal(last.Before, &before))
	must(g.T, 0, json.Unmarshal(last.After, &after))
	return before, after, len(last.Before) + len(last.After)
}

// Setting one key of 15 KB of metadata leaves an entry of less than 2 KB, which has the value of that key before and after and no other
// key. So does taking a key away, or adding one. What says which key it is, its name among it, is always there.
func TestAuditKeepsWhatChangedOfMetadata(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	wide := map[string]string{}
	for letter := range strings.SplitSeq("abcdefghijklmno", "") {
		wide[letter] = strings.Repeat(letter, 1000)
	}
	text, err := json.Marshal(wide)
	must(t, 0, err)
	g.exec(`update api_keys set metadata = $2 where id = $1`, g.Key.ID, string(text))
	_, whole, size := g.lastChange()
	equal(t, "keys after the first update", len(whole["metadata"].(map[string]any)), 15)
	equal(t, "the first update is stored whole", size > 15_000, true)

	for _, c := range []struct {
		statement     string
		before, after string // of metadata
	}{
		{`update api_keys set metadata = metadata || '{"team": "red"}' where id = $1`, `{}`, `{"team":"red"}`},
		{`update api_keys set metadata = metadata || '{"team": "green"}' where id = $1`, `{"team":"red"}`, `{"team":"green"}`},
		{`update api_keys set metadata = metadata || '{"team": null}' where id = $1`, `{"team":"green"}`, `{"team":null}`},
		{`update api_keys set metadata = metadata - 'team' where id = $1`, `{"team":null}`, `{}`},
		{`update api_keys set enabled = false where id = $1`, `null`, `null`}, // metadata is as it was, and left out
	} {
		g.exec(c.statement, g.Key.ID)
		before, after, size := g.lastChange()
		for i, side := range []map[string]any{before, after} {
			metadata, err := json.Marshal(side["metadata"])
			equal(t, "metadata of "+c.statement, string(must(t, metadata, err)), []string{c.before, c.after}[i])
			equal(t, "name", side["name"].(string), g.Key.Name)
			equal(t, "id", side["id"].(string), g.Key.ExternalID())
		}
		equal(t, "the entry is small after "+c.statement, size < 2000, true)
	}
}

// What may be long and has not changed is left out of both sides, whatever column it is in: a description, a list of thresholds. Short
// values are always there. A long value that has changed is there in full, before and after.
func TestAuditLeavesOutLongValuesThatAreTheSame(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	long := strings.Repeat("d", 2000)
	g.exec(`update api_keys set description = $2 where id = $1`, g.Key.ID, long)
	before, after, _ := g.lastChange()
	equal(t, "description before", before["description"], nil)
	equal(t, "description after", after["description"].(string), long)
	edited := long[1:] + "!"
	g.exec(`update api_keys set description = $2 where id = $1`, g.Key.ID, edited)
	before, after, _ = g.lastChange()
	equal(t, "changed before", before["description"].(string), long)
	equal(t, "changed after", after["description"].(string), edited)
	g.exec(`update api_keys set name = 'renamed' where id = $1`, g.Key.ID)
	before, after, size := g.lastChange()
	for _, side := range []map[string]any{before, after} {
		if _, there := side["description"]; there {
			t.Error("a description that did not change is repeated")
		}
	}
	equal(t, "the entry is small", size < 2000, true)
	g.exec(`update api_keys set description = 'short' where id = $1`, g.Key.ID)
	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	before, after, _ = g.lastChange()
	equal(t, "a short one before", before["description"].(string), "short")
	equal(t, "a short one after", after["description"].(string), "short")

	thresholds := make([]int64, 90)
	for i := range thresholds {
		thresholds[i] = int64(i+1) * 1_000_000
	}
	budget := g.tokenBudget(1_000_000_000, thresholds...)
	g.raise(budget, 2_000_000_000)
	before, after, _ = g.lastChange()
	for _, side := range []map[string]any{before, after} {
		if _, there := side["alertThresholds"]; there {
			t.Error("thresholds that did not change are repeated")
		}
	}
	equal(t, "amount before", before["amount"].(string), "1000000000")
	equal(t, "amount after", after["amount"].(string), "2000000000")
}

// An entry that an earlier release wrote, with both rows in full, is listed and exported as it was written.
func TestAuditEntriesOfEarlierReleasesStay(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.exec(`insert into audit_log (organization_id, action, actor, target_type, target_id, before, after)
		values ($1, 'updateApiKey', 'root', 'key', $2, '{"id": "key_1", "metadata": {"a": "1", "b": "2"}}', '{"id": "key_1", "metadata": {"a": "1", "b": "3"}}')`,
		g.Organization.ID, g.Key.ID)
	before, after, _ := g.lastChange()
	equal(t, "keys before", len(before["metadata"].(map[string]any)), 2)
	equal(t, "keys after", len(after["metadata"].(map[string]any)), 2)
}
