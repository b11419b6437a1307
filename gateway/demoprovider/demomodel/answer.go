package demomodel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bursar/usage"
)

// Answer is what is said to an ask, before it is in the form of a dialect.
type Answer struct {
	ID      string // without the prefix that a dialect has
	Created time.Time
	Asked   *Ask
	Parts   []Part // thoughts, and then text or a call
	Short   bool   // whether the bound on the output ended it
	Usage   usage.Parts
}

// Part is a part of an answer.
type Part struct {
	Kind   PartKind
	Tokens []string // together its text, or the arguments of its call
	Call   string   // the tool's name
}

// PartKind is what a part of an answer is.
type PartKind int

// The kinds.
const (
	Thought PartKind = iota
	Text
	Call
)

// Text returns what a part says.
func (p *Part) Text() string { return strings.Join(p.Tokens, "") }

// Calls reports whether the answer ends with a call of a tool.
func (a *Answer) Calls() bool { return len(a.Parts) > 0 && a.Parts[len(a.Parts)-1].Kind == Call }

// Text returns the text of the answer.
func (a *Answer) Text() string {
	for i := range a.Parts {
		if a.Parts[i].Kind == Text {
			return a.Parts[i].Text()
		}
	}
	return ""
}

// Tokens returns how many tokens each candidate has.
func (a *Answer) Tokens() (n int) {
	for i := range a.Parts {
		n += len(a.Parts[i].Tokens)
	}
	return n
}

// Answer makes the answer. tokens is how many tokens a text has; nil leaves that to the model.
func (q *Ask) Answer(tokens *int) (*Answer, error) {
	if q.MaxOutput != nil && *q.MaxOutput < 0 {
		return nil, fmt.Errorf("the bound on the output tokens is negative: %d", *q.MaxOutput)
	}
	if q.Candidates < 1 || q.Candidates > MaxCandidates {
		return nil, fmt.Errorf("one request asks for 1 to %d answers, this one for %d", MaxCandidates, q.Candidates)
	}
	a := &Answer{Asked: q}
	thoughts := 0
	if q.Effort.Tokens != nil {
		thoughts = int(*q.Effort.Tokens)
	} else if q.Model.reasons {
		thoughts = OwnEffort
	}
	if thoughts > 0 {
		a.Parts = append(a.Parts, Part{Kind: Thought, Tokens: speak("Let me think.", &thoughts)})
	}
	a.Parts = append(a.Parts, q.say(tokens)...)
	most := q.Model.MaxOutputTokens
	if q.MaxOutput != nil {
		most = min(most, *q.MaxOutput)
	}
	a.shorten(most)
	a.Usage = a.UsageOf(a.Tokens())
	return a, nil
}

// say returns the text, or a call of a tool, before which there is a text where that has a number of tokens.
func (q *Ask) say(tokens *int) []Part {
	asked, results, result := q.Conversation.Question()
	chosen := q.pick(asked, results)
	if chosen == nil && q.Schema != nil {
		return []Part{{Kind: Text, Tokens: SplitTokens(string(Sample(q.Schema)))}}
	}
	var said []Part
	if chosen == nil || tokens != nil {
		said = append(said, Part{Kind: Text, Tokens: speak(lead(q.Model.Name, asked, result), tokens)})
	}
	if chosen != nil {
		said = append(said, Part{Kind: Call, Call: chosen.Name, Tokens: SplitTokens(string(Sample(chosen.Schema)))})
	}
	return said
}

// pick returns the tool to call: the one that must be called, or the one that the question names, or the first. Nil is none: the question has had
// its results, one, or as many as it says ("look it up 5 times").
func (q *Ask) pick(asked string, results int) *Tool {
	if len(q.Tools) == 0 || q.Choice.Mode == "none" {
		return nil
	}
	forced := q.Choice.Mode == "required" || q.Choice.Mode == "tool"
	if !forced && results >= times(asked) {
		return nil
	}
	for i := range q.Tools {
		if q.Choice.Mode == "tool" && q.Tools[i].Name == q.Choice.Name || q.Choice.Mode != "tool" && strings.Contains(asked, q.Tools[i].Name) {
			return &q.Tools[i]
		}
	}
	return &q.Tools[0]
}

// times returns how often a question wants a tool to be called.
func times(asked string) int {
	if found := regexp.MustCompile(`\b(\d{1,4}) times\b`).FindStringSubmatch(asked); found != nil {
		n, _ := strconv.Atoi(found[1]) // one to four digits
		return n
	}
	return 1
}

// shorten leaves out what is beyond a number of tokens.
func (a *Answer) shorten(most int64) {
	for i := range a.Parts {
		p := &a.Parts[i]
		if int64(len(p.Tokens)) > most {
			p.Tokens, a.Short = p.Tokens[:most], true
		}
		most -= int64(len(p.Tokens))
	}
}

// UsageOf returns what the answer uses when a number of each candidate's tokens has been made.
func (a *Answer) UsageOf(made int) usage.Parts {
	q := a.Asked
	u := usage.Parts{InputTokens: q.InputTokens(), OutputTokens: int64(made) * q.Candidates}
	if q.Cached {
		u.CachedInputTokens = q.Conversation.before()
	}
	if q.Written != nil {
		u.CacheWriteTokens = u.InputTokens - u.CachedInputTokens
		if q.Written.Hour {
			u.CacheWrite1hTokens = u.CacheWriteTokens
		}
	}
	for i := range a.Parts {
		if a.Parts[i].Kind == Thought {
			u.ReasoningTokens = int64(min(made, len(a.Parts[i].Tokens))) * q.Candidates
		}
	}
	return u
}

// InputTokens returns how many input tokens a request has: its conversation and its tools.
func (q *Ask) InputTokens() int64 {
	input := q.Conversation.tokens()
	for _, t := range q.Tools {
		input += (int64(len(t.Name)+len(t.Schema)) + bytesPerToken - 1) / bytesPerToken
	}
	return input
}
