package wire

import (
	"encoding/json"
	"strings"

	"bursar/usage"
)

// chat reads what bounds a chat completion, or one of the older completions.
func (c *Call) chat(d *document) error {
	if err := c.answers(d); err != nil {
		return err
	}
	tier, err := d.text("service_tier")
	if err != nil {
		return err
	}
	c.ServiceTier = usage.TierOf(tier)
	for _, field := range []string{"web_search_options", "search_parameters", "plugins", "models", "fallbacks"} {
		if d.given(field) {
			c.unbounded(field + ": what it adds is known to the provider alone")
		}
	}
	for _, searches := range []string{"search-preview", "search-api", "deep-research", "sonar", ":online", "compound"} {
		if strings.Contains(c.Model, searches) {
			c.unbounded("the model searches by itself")
		}
	}
	c.tools(d.list("tools"), clientTools(Chat))
	return c.includeUsage(d)
}

// answers reads how many tokens each answer may have, and how many answers there are. Where both names of the bound are given, the larger one counts: a
// provider may know one of them alone.
func (c *Call) answers(d *document) error {
	each, err := count("max_tokens", d.raw("max_tokens"), 0, maxTokens, false)
	if err != nil {
		return err
	}
	other, err := count("max_completion_tokens", d.raw("max_completion_tokens"), 0, maxTokens, false)
	if err != nil {
		return err
	}
	n, err := count("n", d.raw("n"), 1, maxAnswers, false)
	if err != nil {
		return err
	}
	best, err := count("best_of", d.raw("best_of"), 0, maxAnswers, false)
	if err != nil {
		return err
	}
	one := int64(1)
	answers := *larger(larger(&one, n), best)
	if c.Kind == Completions {
		answers *= prompts(d)
	}
	return c.bound(larger(each, other), answers)
}

// prompts returns how many prompts a completion has: each is answered. A list of numbers is one prompt in tokens.
func prompts(d *document) int64 {
	list := d.list("prompt")
	if len(list) > 0 && (list[0][0] == '"' || list[0][0] == '[') {
		return int64(len(list))
	}
	return 1
}

// clientTools returns the types of tools that the caller runs itself; others run at the provider, and what they read and write is not in the request.
func clientTools(kind Kind) []string {
	switch kind {
	case Chat, Completions:
		return []string{"function", "custom"}
	case Responses:
		return []string{"function", "custom", "local_shell", "apply_patch", "computer_use_preview", "computer", "namespace"}
	case Messages: // the rest of a type is its version
		return []string{"custom", "bash_", "text_editor_", "computer_", "memory_"}
	}
	return nil
}

// tools notes a tool that runs at the provider, and returns how many tools have a type. One without is the caller's function.
func (c *Call) tools(tools []json.RawMessage, client []string) (typed int64) {
	for _, raw := range tools {
		var tool struct {
			Type string `json:"type"`
		}
		if json.Unmarshal(raw, &tool) != nil {
			c.unbounded("tools: a tool that is no object, or whose type is no text")
			continue
		}
		if tool.Type != "" && tool.Type != "custom" {
			typed++
		}
		if !isClient(tool.Type, client) {
			c.unbounded("tools: " + clip(tool.Type, 60) + " runs at the provider")
		}
	}
	return typed
}

// isClient says whether a type of tool is among those that the caller runs.
func isClient(kind string, client []string) bool {
	if kind == "" {
		return true
	}
	for _, own := range client {
		if kind == own || strings.HasSuffix(own, "_") && strings.HasPrefix(kind, own) {
			return true
		}
	}
	return false
}

// responses reads what bounds a call of the Responses API.
func (c *Call) responses(d *document) error {
	each, err := count("max_output_tokens", d.raw("max_output_tokens"), 0, maxTokens, false)
	if err != nil {
		return err
	}
	tier, err := d.text("service_tier")
	if err != nil {
		return err
	}
	c.ServiceTier = usage.TierOf(tier)
	for _, field := range []string{"previous_response_id", "conversation", "prompt", "background", "context_management", "fallbacks", "models"} {
		if d.given(field) {
			c.unbounded(field + ": what it adds is known to the provider alone")
		}
	}
	c.tools(d.list("tools"), clientTools(Responses))
	return c.bound(each, 1)
}

// pictures reads what bounds a call of the Images API.
func (c *Call) pictures(d *document) error {
	n, err := count("n", d.raw("n"), 1, maxAnswers, false)
	if err != nil {
		return err
	}
	return c.bound(new(int64(imageOutput)), *larger(new(int64(1)), n))
}

// imageOutput is what a picture that is made counts at most, in tokens: the largest of high quality counts 6,240, and each picture on
// the way 100.
const imageOutput = 20_000

// speech reads what bounds sound that is made of text: a byte is spoken in less than four tokens.
func (c *Call) speech(d *document) error {
	text, err := d.text("input")
	if err != nil {
		return err
	}
	return c.bound(new(min(4*int64(len(text))+100, maxTokens)), 1)
}
