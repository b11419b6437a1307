package webhook

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// The forms hold what an alert says; in Slack's nothing of a name becomes a link, a mention or markup of its own, and no text is longer than Slack takes.
func TestForms(t *testing.T) {
	t.Parallel()
	notice := &Notice{Event: "EXHAUSTED", At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Summary: `Exhausted: key "<!channel> & co"` + strings.Repeat("é", 200),
		Details: []string{"Requests are being refused.", strings.Repeat("x", 4000)}, Facts: [][2]string{{"Left", "<https://x.test|Nothing>"}}, Link: "https://console.test/keys",
		Alert: &Alert{ID: "alt_1", Type: "COST", Amount: decimal.RequireFromString("10.50"), Subject: Subject{Kind: "API_KEY", Named: Named{ID: "key_1", Name: "n"}}}}
	standard, err := notice.Standard()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Type, Timestamp string
		Data            struct {
			Link  string
			Alert struct {
				Amount    string
				Threshold *string
				Subject   struct{ Kind, ID string }
			}
		}
	}
	if err := json.Unmarshal(standard, &read); err != nil {
		t.Fatal(err)
	}
	if read.Type != "budget.exhausted" || read.Timestamp != "2026-12-01T00:00:00Z" || read.Data.Alert.Amount != "10.5" || read.Data.Alert.Threshold != nil ||
		read.Data.Alert.Subject.ID != "key_1" || read.Data.Link != notice.Link {
		t.Errorf("%s", standard)
	}
	slack, err := notice.Slack()
	if err != nil {
		t.Fatal(err)
	}
	var blocks struct {
		Text   string
		Blocks []struct {
			Type   string
			Text   struct{ Text string }
			Fields []struct{ Text string }
		}
	}
	if err := json.Unmarshal(slack, &blocks); err != nil {
		t.Fatal(err)
	}
	header, section := []rune(blocks.Blocks[0].Text.Text), []rune(blocks.Blocks[1].Text.Text)
	if strings.ContainsAny(blocks.Text, "<>") || len(header) > 150 || len(section) > 3000 || strings.ContainsAny(blocks.Blocks[2].Fields[0].Text, "<>") {
		t.Errorf("%s", slack)
	}
	if test, err := (&Notice{Event: "TEST", Summary: "s"}).Standard(); err != nil || !strings.Contains(string(test), `"type":"webhook.test"`) {
		t.Errorf("%s %v", test, err)
	}
}
