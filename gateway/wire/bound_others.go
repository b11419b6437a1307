package wire

import (
	"encoding/json"
	"maps"
	"slices"

	"bursar/usage"
)

// What tools add to a request of Anthropic: a text about tools in general, and one about each of Anthropic's own, such as bash.
const (
	toolsTokens = 600
	toolTokens  = 1_500
)

// messages reads what bounds a call of Anthropic's Messages API. Thinking is within max_tokens.
func (c *Call) messages(d *document) error {
	each, err := count("max_tokens", d.raw("max_tokens"), 0, maxTokens, false)
	if err != nil {
		return err
	}
	tier, err := d.text("service_tier")
	if err != nil {
		return err
	}
	speed, err := d.text("speed")
	if err != nil {
		return err
	}
	if c.ServiceTier = usage.TierOf(tier); speed == "fast" {
		c.ServiceTier = usage.Priority
	}
	for _, field := range []string{"mcp_servers", "container", "fallbacks"} {
		if d.given(field) {
			c.unbounded(field + ": what it adds is known to the provider alone")
		}
	}
	tools := d.list("tools")
	own := c.tools(tools, clientTools(Messages))
	if len(tools) > 0 {
		c.InputTokens += toolsTokens + own*toolTokens
	}
	if err := c.edits(d); err != nil {
		return err
	}
	return c.bound(each, 1)
}

// edits notes a compaction, which is billed beside the totals. Other edits of the context take away from it.
func (c *Call) edits(d *document) error {
	management, err := d.object("context_management")
	if err != nil || management == nil {
		return err
	}
	var edits []struct {
		Type string `json:"type"`
	}
	if raw := management["edits"]; raw != nil && json.Unmarshal(raw, &edits) != nil {
		return wrong("context_management.edits", "has to be a list of objects.")
	}
	for _, edit := range edits {
		switch edit.Type {
		case "clear_tool_uses_20250919", "clear_thinking_20251015":
		default:
			c.unbounded("context_management: " + clip(edit.Type, 60))
		}
	}
	return nil
}

// either returns a member of Gemini's under one of its two spellings, and which. Both at once is a Problem: which one counts is not known.
func either(of func(string) json.RawMessage, camel, snake string) (json.RawMessage, string, error) {
	first, second := of(camel), of(snake)
	switch {
	case first != nil && second != nil:
		return nil, camel, wrong(camel, "stands in the body twice, as %q and %q.", camel, snake)
	case second != nil:
		return second, snake, nil
	}
	return first, camel, nil
}

// generate reads what bounds a call of Gemini's generateContent. Thoughts are within maxOutputTokens.
func (c *Call) generate(d *document) error {
	config, name, err := either(d.raw, "generationConfig", "generation_config")
	if err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if config != nil && (config[0] != '{' || json.Unmarshal(config, &members) != nil) {
		return wrong(name, "has to be an object.")
	}
	in := func(member string) json.RawMessage { return members[member] }
	number := func(camel, snake string, least, most int64) (*int64, error) {
		raw, spelled, err := either(in, camel, snake)
		if err != nil {
			return nil, err
		}
		return count(name+"."+spelled, raw, least, most, true)
	}
	each, err := number("maxOutputTokens", "max_output_tokens", 0, maxTokens)
	if err != nil {
		return err
	}
	candidates, err := number("candidateCount", "candidate_count", 1, maxAnswers)
	if err != nil {
		return err
	}
	if err := c.generateTier(d); err != nil {
		return err
	}
	cached, _, err := either(d.raw, "cachedContent", "cached_content")
	if err != nil {
		return err
	}
	if cached != nil && string(cached) != `""` {
		c.unbounded("cachedContent: its size is known to the provider alone")
	}
	c.geminiTools(d.list("tools"))
	return c.bound(each, *larger(new(int64(1)), candidates))
}

// generateTier reads the service tier of a call of Gemini.
func (c *Call) generateTier(d *document) error {
	_, name, err := either(d.raw, "serviceTier", "service_tier")
	if err != nil {
		return err
	}
	tier, err := d.text(name)
	if err != nil {
		return err
	}
	c.ServiceTier = usage.TierOf(tier)
	return nil
}

// geminiTools notes tools that run at Google: a tool is an object with one member, and functions are the caller's.
func (c *Call) geminiTools(tools []json.RawMessage) {
	for _, raw := range tools {
		var tool map[string]json.RawMessage
		if json.Unmarshal(raw, &tool) != nil {
			c.unbounded("tools: a tool that is no object")
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(tool)) {
			switch name {
			case "functionDeclarations", "function_declarations", "computerUse", "computer_use":
			default:
				c.unbounded("tools: " + clip(name, 60) + " runs at the provider")
			}
		}
	}
}
