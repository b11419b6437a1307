package delivery

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/delivery/deliverytest"
)

// A mail names what the budget stands on, with its amounts in dollars or tokens, and links to it.
func TestAlertMailOfEachSubject(t *testing.T) {
	t.Parallel()
	key, workspace := uuid.New(), uuid.New()
	threshold := int64(1_500_000_000)
	end := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	name := func(text string) *string { return &text }
	row := func(workspaceID, keyID *uuid.UUID) *db.ListAlertSubjectsRow {
		r := &db.ListAlertSubjectsRow{OrganizationName: "Acme", Alert: db.Alert{
			Kind: db.AlertKindTHRESHOLD, Type: db.LimitTypeCOST, Period: db.LimitPeriodMONTHLY, ThresholdUnits: &threshold,
			MaxUnits: 2_000_000_000, UsedUnits: decimal.NewFromInt(1_600_000_000), PeriodEnd: &end,
			WorkspaceID: workspaceID, APIKeyID: keyID,
		}}
		if keyID != nil {
			r.ApiKeyName, r.ApiKeyPrefix, r.WorkspaceName = name("crawler"), name("bk_abc"), name("Production")
		} else if workspaceID != nil {
			r.WorkspaceName = name("Production")
		}
		return r
	}
	linkTo := func(subject string) string { return "https://console.test/" + subject }
	for _, c := range []struct {
		row                               *db.ListAlertSubjectsRow
		kind, name, prefix, workspace, id string
	}{
		{row(nil, &key), "API key", "crawler", "bk_abc", "Production", "key_"},
		{row(&workspace, nil), "workspace", "Production", "", "", "ws_"},
		{row(nil, nil), "organization", "Acme", "", "", "org_"},
	} {
		content := alertMail(c.row, linkTo, end.Add(-time.Microsecond))
		if content.SubjectKind != c.kind || content.SubjectName != c.name || content.KeyPrefix != c.prefix || content.WorkspaceName != c.workspace {
			t.Errorf("%s: mail says %+v", c.kind, content)
		}
		if !strings.HasPrefix(content.Link, "https://console.test/"+c.id) {
			t.Errorf("%s: link %s", c.kind, content.Link)
		}
		if content.Threshold.String() != "1.5" || content.Amount.String() != "2" || content.Used.String() != "1.6" {
			t.Errorf("%s: threshold %s, amount %s, used %s, want dollars", c.kind, content.Threshold, content.Amount, content.Used)
		}
		if content.PeriodClosed || !alertMail(c.row, linkTo, end).PeriodClosed {
			t.Errorf("%s: the period closes at its end and not before", c.kind)
		}
		if _, err := content.Message("bursar@acme.test", "a@acme.test"); err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
	}
}

// The mail of an alert that enforcement raised goes out complete, from the configured address, and is tagged.
func TestDispatchedMail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	sender := &deliverytest.Sender{}
	config := f.config(sender)
	config.LinkTo = func(subject string) string { return "https://console.test/" + subject }
	must(t, run(t.Context(), dispatcherOf(t, config)))
	message := sender.Messages()[0]
	if message.From != config.From || message.To != f.OwnerAddress() || !strings.HasPrefix(message.Tags["alert_id"], "alt_") {
		t.Errorf("sent %+v", message)
	}
	for _, part := range []string{message.HTML, message.Text} {
		for _, want := range []string{f.Key.Name, f.Key.Prefix, f.Workspace.Name, f.Organization.Name, "https://console.test/key_"} {
			if !strings.Contains(part, want) {
				t.Errorf("the mail does not say %q:\n%s", want, part)
			}
		}
		if strings.Contains(part, f.Secret.Text) {
			t.Error("the mail contains the key's secret")
		}
	}
}
