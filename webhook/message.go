package webhook

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Notice is what a webhook is told of: an alert, a reset, or a test.
type Notice struct {
	Event   string    // THRESHOLD, EXHAUSTED, REFUSED, RESET or TEST
	At      time.Time // when it happened
	Summary string    // in a line
	Details []string  // in sentences
	Facts   [][2]string
	Alert   *Alert // nil for a test
	Link    string // to the subject in the console; "" for none
}

// Alert is what is known of an alert, in the names of the GraphQL API. Amounts are decimals as text: of dollars or of tokens, as type says.
type Alert struct {
	ID           string           `json:"id"`
	Type         string           `json:"type"`
	Organization Named            `json:"organization"`
	Subject      Subject          `json:"subject"`
	BudgetLimit  string           `json:"budgetLimitId"`
	Policy       *Policy          `json:"policy,omitempty"` // whose budget it is; nil: of none
	Threshold    *decimal.Decimal `json:"threshold"`
	Requested    *decimal.Decimal `json:"requested"`
	Reserved     *decimal.Decimal `json:"reserved"`
	Amount       decimal.Decimal  `json:"amount"`
	Used         decimal.Decimal  `json:"used"`
	Generation   int32            `json:"generation"`
	PeriodStart  time.Time        `json:"periodStart"`
	PeriodEnd    *time.Time       `json:"periodEnd"`
	RaisedAt     time.Time        `json:"raisedAt"`
}

// Named is a thing with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Policy is a policy with the values of one of its groups; the value is null where requests do not have the attribute.
type Policy struct {
	Named
	Values []PolicyValue `json:"values"`
}

// PolicyValue is a value of a group.
type PolicyValue struct {
	Attribute string  `json:"attribute"`
	Value     *string `json:"value"`
}

// Subject is what a budget stands on.
type Subject struct {
	Kind string `json:"kind"` // API_KEY, WORKSPACE or ORGANIZATION
	Named
}

// Standard returns the body of a notice as Standard Webhooks have it: type, timestamp and data.
func (n *Notice) Standard() ([]byte, error) {
	type data struct {
		Summary string   `json:"summary"`
		Details []string `json:"details"`
		Link    *string  `json:"link"`
		Alert   *Alert   `json:"alert"`
	}
	event := "budget." + strings.ToLower(n.Event)
	if n.Alert == nil {
		event = "webhook.test"
	}
	body := struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      data      `json:"data"`
	}{event, n.At.UTC(), data{Summary: n.Summary, Details: n.Details, Alert: n.Alert}}
	if n.Link != "" {
		body.Data.Link = &n.Link
	}
	return json.Marshal(body)
}

// Longest texts that Slack takes, in characters, with some room.
const (
	maxSlackHeader  = 145
	maxSlackSection = 2900
)

// Slack returns the body of a notice as Slack's incoming webhooks take it: a text for notifications, and blocks. Names in it are text, and neither
// links nor mentions.
func (n *Notice) Slack() ([]byte, error) {
	type text struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	type element struct {
		Type string `json:"type"`
		Text text   `json:"text"`
		URL  string `json:"url"`
	}
	type block struct {
		Type     string    `json:"type"`
		Text     *text     `json:"text,omitempty"`
		Fields   []text    `json:"fields,omitempty"`
		Elements []element `json:"elements,omitempty"`
	}
	blocks := []block{
		{Type: "header", Text: &text{"plain_text", cut(n.Summary, maxSlackHeader)}},
		{Type: "section", Text: &text{"mrkdwn", cut(escape(strings.Join(n.Details, "\n")), maxSlackSection)}},
	}
	if len(n.Facts) > 0 {
		facts := make([]text, min(len(n.Facts), 10)) // Slack takes ten
		for i := range facts {
			facts[i] = text{"mrkdwn", fmt.Sprintf("*%s*\n%s", escape(n.Facts[i][0]), escape(n.Facts[i][1]))}
		}
		blocks = append(blocks, block{Type: "section", Fields: facts})
	}
	if n.Link != "" {
		blocks = append(blocks, block{Type: "actions", Elements: []element{{"button", text{"plain_text", "Open in Bursar"}, n.Link}}})
	}
	return json.Marshal(struct {
		Text   string  `json:"text"`
		Blocks []block `json:"blocks"`
	}{escape(n.Summary), blocks})
}

// escape returns a text in which Slack finds no link, no mention and no entity.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// cut returns at most so many characters of a text.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
