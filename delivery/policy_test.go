package delivery

import (
	"strings"
	"testing"
	"time"

	"bursar/delivery/deliverytest"
)

// An alert of a policy's group is mailed to the recipients of what the policy stands on, and names the policy and the group's values; alerts
// of several groups that wait for one address are one mail.
func TestMailOfPolicies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, attribute := range []string{"model", "provider"} {
		f.Exec(`select create_policy($1, null, 'Each ' || $2, 'ENFORCE', array[$2], 10, '[]',
			'[{"kind": "BUDGET", "type": "TOKENS", "period": "MONTHLY", "max_units": 1000, "alert_units": [500]}]')`, f.Organization.ID, attribute)
	}
	must(t, f.Record(1200, time.Time{}))
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	messages := sender.Messages()
	if len(messages) != 1 || messages[0].To != f.OwnerAddress() {
		t.Fatalf("%d mails, want one to the owner", len(messages))
	}
	for _, want := range []string{"policy Each model, model gpt", "policy Each provider, provider openai", "requests of this group of the policy"} {
		if !strings.Contains(strings.Join(strings.Fields(messages[0].Text), " "), want) {
			t.Errorf("the mail does not say %q:\n%s", want, messages[0].Text)
		}
	}
	f.AssertAllSent(2)
}
