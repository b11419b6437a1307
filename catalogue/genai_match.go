package catalogue

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
)

// genaiClause says which names are a model's: exactly one of its fields is set.
type genaiClause struct {
	StartsWith string        `json:"starts_with"`
	EndsWith   string        `json:"ends_with"`
	Contains   string        `json:"contains"`
	Regex      string        `json:"regex"`
	Equals     string        `json:"equals"`
	Or         []genaiClause `json:"or"`
	And        []genaiClause `json:"and"`
}

// name is a name of models, or a prefix of names.
type name struct {
	text   string
	prefix bool
}

// namespaces returns what providers write before the names of models that a list knows by a part of the name: regions and makers.
func namespaces(provider string) []string {
	switch provider {
	case "aws":
		return []string{"us.", "eu.", "apac.", "jp.", "au.", "ca.", "us-gov.", "global."}
	case "google":
		return []string{"models/", "publishers/google/models/", "publishers/anthropic/models/", "google/", "anthropic/"}
	case "openai":
		return []string{"text-", "omni-"}
	}
	return nil
}

// names returns the names of the model at an index, without those that an earlier model has: the first that matches is the one that is
// meant. An error says what of it cannot be expressed by names and prefixes; the names beside it are right.
func (g *genaiReading) names(index int) ([]name, error) {
	model := &g.models[index]
	found, err := g.convert(&model.Match, strings.ToLower(model.ID))
	taken := func(n name) bool { return g.taken(n, index) }
	found = slices.DeleteFunc(found, taken)
	for _, known := range slices.Clone(found) {
		if written := compactDate(known.text); !known.prefix && written != known.text && !g.taken(name{written, false}, len(g.models)) {
			found = append(found, name{written, false}) // as OpenRouter and LiteLLM write it
		}
		if g.provider == "google" && strings.HasPrefix(known.text, "gemini") && !taken(name{"models/" + known.text, known.prefix}) {
			found = append(found, name{"models/" + known.text, known.prefix}) // as the Gemini API writes it
		}
	}
	slices.SortFunc(found, func(a, b name) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(found), err
}

// taken says whether one of the models before an index has all that a name stands for.
func (g *genaiReading) taken(n name, before int) bool {
	return slices.ContainsFunc(g.models[:before], func(earlier genaiModel) bool { return earlier.Match.covers(n) })
}

// covers says whether a clause matches a name, or every name that begins with a prefix.
func (c *genaiClause) covers(n name) bool {
	lower := strings.ToLower
	switch {
	case c.Or != nil:
		return slices.ContainsFunc(c.Or, func(one genaiClause) bool { return one.covers(n) })
	case c.And != nil:
		return !slices.ContainsFunc(c.And, func(one genaiClause) bool { return !one.covers(n) })
	case c.StartsWith != "":
		return strings.HasPrefix(n.text, lower(c.StartsWith))
	case c.Contains != "":
		return strings.Contains(n.text, lower(c.Contains))
	case n.prefix:
		return false
	case c.EndsWith != "":
		return strings.HasSuffix(n.text, lower(c.EndsWith))
	case c.Equals != "":
		return n.text == lower(c.Equals)
	case c.Regex != "":
		expression, err := regexp.Compile(c.Regex)
		return err == nil && expression.MatchString(n.text)
	}
	return false
}

// convert expresses a clause by names and prefixes.
func (g *genaiReading) convert(c *genaiClause, id string) ([]name, error) {
	lower := strings.ToLower
	switch {
	case c.Or != nil:
		var all []name
		var errs []error
		for i := range c.Or {
			some, err := g.convert(&c.Or[i], id)
			all, errs = append(all, some...), append(errs, err)
		}
		return all, errors.Join(errs...)
	case c.And != nil:
		return nil, errors.New("a conjunction is no list of names")
	case c.Equals != "":
		return []name{{lower(c.Equals), false}}, nil
	case c.StartsWith != "":
		return []name{{lower(c.StartsWith), true}}, nil
	case c.EndsWith != "":
		g.into.omit(Key{Provider: g.provider, Model: id}, "match", "of the names that end with a text, those are taken that are it, or a region or maker and it")
		return g.within(lower(c.EndsWith), id, false), nil
	case c.Contains != "":
		g.into.omit(Key{Provider: g.provider, Model: id}, "match", "of the names that contain a text, those are taken that begin with it, or with a region or maker and it")
		return g.within(lower(c.Contains), id, true), nil
	case c.Regex != "":
		return prefixesOf(c.Regex)
	}
	return nil, damaged("there is no name in match")
}

// within expresses that names contain a text, or end with it: they begin with it, with one of the provider's namespaces and it, or
// as the model's id does.
func (g *genaiReading) within(text, id string, prefix bool) []name {
	found := []name{{text, prefix}}
	spaces := namespaces(g.provider)
	bare := !slices.ContainsFunc(spaces, func(space string) bool { return strings.HasPrefix(text, space) })
	for _, space := range spaces {
		if bare {
			found = append(found, name{space + text, prefix})
		}
		if g.provider == "aws" && strings.HasPrefix(text, "claude") {
			found = append(found, name{space + "anthropic." + text, prefix}, name{"anthropic." + text, prefix})
		}
	}
	if at := strings.Index(id, text); at > 0 {
		found = append(found, name{id[:at] + text, prefix})
	}
	return found
}

// prefixesOf expresses a regular expression by the text that it begins with and the first digit after it. Dates begin with 20.
func prefixesOf(expression string) ([]name, error) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, damaged("regex: %v", err)
	}
	parts := []*syntax.Regexp{parsed}
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	if len(parts) < 2 || parts[0].Op != syntax.OpBeginText || parts[1].Op != syntax.OpLiteral {
		return nil, fmt.Errorf("the expression %s does not begin with a text", expression)
	}
	text := strings.ToLower(string(parts[1].Rune))
	if len(parts) == 2 {
		return []name{{text, true}}, nil
	}
	if parts[2].Op == syntax.OpRepeat && parts[2].Min >= 4 && isDigit(parts[2].Sub[0]) {
		return []name{{text + "20", true}}, nil
	}
	if !isDigit(parts[2]) {
		return nil, fmt.Errorf("the expression %s goes on with more than a digit", expression)
	}
	var found []name
	for digit := '0'; digit <= '9'; digit++ {
		found = append(found, name{text + string(digit), true})
	}
	return found, nil
}

// isDigit says whether an expression is \d.
func isDigit(of *syntax.Regexp) bool {
	return of.Op == syntax.OpCharClass && slices.Equal(of.Rune, []rune{'0', '9'})
}

// compactDate writes the date at the end of a name without dashes.
func compactDate(text string) string {
	at := len(text) - len("-2025-12-11")
	if at <= 0 || text[at] != '-' {
		return text
	}
	date, err := time.Parse(day, text[at+1:])
	if err != nil || date.Year() < 2000 {
		return text
	}
	return text[:at+1] + date.Format("20060102")
}
