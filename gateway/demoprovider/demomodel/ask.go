package demomodel

import (
	"encoding/json"
	"slices"
	"strings"
)

// Ask is what a request for text asks for, in whichever dialect.
type Ask struct {
	Model        *Model
	Conversation Conversation
	Tools        []Tool
	Choice       ToolChoice
	MaxOutput    *int64 // nil: as many tokens as the model has
	Candidates   int64  // answers, all with the same text; 1 to MaxCandidates
	Effort       Effort
	Schema       json.RawMessage // of the answer, which is JSON then; nil: text
	Cached       bool            // whether what an earlier request had is read from a cache
	Written      *CacheWrite     // what the request has the provider write to a cache; nil: nothing
}

// MaxCandidates is how many answers one request may ask for.
const MaxCandidates = 128

// Conversation is all turns, the newest last.
type Conversation []Turn

// Turn is one message of a conversation.
type Turn struct {
	By     Role
	Text   string
	Tokens int64
}

// Role is whose a turn is.
type Role int

// The roles.
const (
	System Role = iota // the developer too
	User
	Assistant
	ToolResult
)

// Say adds a message. images are those beside its text.
func (c *Conversation) Say(by Role, text string, images int) {
	*c = append(*c, Turn{by, text, CountTokens(text) + tokensOfTurn + int64(images)*TokensOfImage})
}

func (c Conversation) tokens() (sum int64) {
	for _, t := range c {
		sum += t.Tokens
	}
	return sum
}

// before returns how many tokens the request had that the newest answer was given to, 0 when there is no answer yet.
func (c Conversation) before() int64 {
	for i, t := range slices.Backward(c) {
		if t.By == Assistant {
			return c[:i].tokens()
		}
	}
	return 0
}

// Question returns the newest text of the user, how many results of tools have come since, and the last of them.
func (c Conversation) Question() (text string, results int, result string) {
	for _, t := range c {
		switch t.By {
		case User:
			text, results, result = t.Text, 0, ""
		case ToolResult:
			results++
			result = t.Text
		case System, Assistant:
		}
	}
	return text, results, result
}

// CacheWrite is a write to a prompt cache, for five minutes or an hour.
type CacheWrite struct{ Hour bool }

// Tool is a function that the model may call.
type Tool struct {
	Name   string
	Schema json.RawMessage // of its arguments
}

// ToolChoice says whether a tool is called.
type ToolChoice struct {
	Mode string // "none", "required" or "tool"; anything else leaves it to the model
	Name string // of the tool, for the mode "tool"
}

// Effort is how much is thought before the answer.
type Effort struct {
	Tokens *int64 // nil: as the model does by itself
	Shown  bool   // whether thoughts are in the answer
}

// OwnEffort is how many tokens a model thinks that reasons without being asked to.
const OwnEffort = 64

// EffortOf returns how many tokens an effort is that providers have a name for; nil for other names.
func EffortOf(name string) *int64 {
	tokens, known := map[string]int64{"none": 0, "minimal": 16, "low": 32, "medium": OwnEffort, "high": 128, "xhigh": 256,
		"max": 512}[strings.ToLower(name)]
	if !known {
		return nil
	}
	return &tokens
}
