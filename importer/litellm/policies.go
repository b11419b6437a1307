package litellm

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bursar/importer"
)

// modelPolicy is one limit of a model: of an organization or a workspace as a whole, or of each of the API keys that have it.
type modelPolicy struct {
	organization, workspace, model string
	limit                          importer.Limit
	keys                           []string
}

const (
	maxPolicies   = 50  // of an organization, unless its quota is another
	maxConditions = 199 // values of one condition
)

// modelLimit notes a limit for a model. API keys that have the same one share a policy, which counts for each of them.
func (p *planner) modelLimit(model string, limit importer.Limit, organization, workspace, key string) {
	text, err := json.Marshal(limit)
	if err != nil {
		panic(err) // a limit has nothing that cannot be written
	}
	of := workspace
	if key != "" {
		of = "keys"
	}
	id := strings.Join([]string{organization, of, model, string(text)}, "\x00")
	if p.policies[id] == nil {
		p.policies[id] = &modelPolicy{organization: organization, model: model, limit: limit}
		if key == "" {
			p.policies[id].workspace = workspace
		}
	}
	if key != "" {
		p.policies[id].keys = append(p.policies[id].keys, key)
	}
}

// policiesOf returns the policies of an organization, those of most API keys first, and no more than it may have.
func (p *planner) policiesOf(organization string) (policies []importer.Policy) {
	var found []*modelPolicy
	for _, policy := range p.policies {
		if policy.organization == organization {
			slices.Sort(policy.keys)
			found = append(found, policy)
		}
	}
	slices.SortFunc(found, func(a, b *modelPolicy) int {
		return cmp.Or(cmp.Compare(len(b.keys), len(a.keys)), strings.Compare(a.id(), b.id()))
	})
	for _, policy := range found {
		for _, keys := range chunks(policy.keys) {
			made := policy.with(keys)
			if len(policies) == maxPolicies {
				p.plan.Report.Add(importer.Lost, "policy "+made.Name, "model_max_budget",
					"an organization has 50 policies at most: those of the fewest API keys are left out", fmt.Sprintf("%d API keys", len(keys)))
				continue
			}
			policies = append(policies, made)
		}
	}
	return policies
}

// chunks divides API keys so that each policy may name its own; one without any is one.
func chunks(keys []string) [][]string {
	if len(keys) == 0 {
		return [][]string{nil}
	}
	return slices.Collect(slices.Chunk(keys, maxConditions))
}

func (m *modelPolicy) id() string { return m.with(m.keys).ExternalID }

// with returns the policy for some of its API keys.
func (m *modelPolicy) with(keys []string) importer.Policy {
	of := "all"
	if m.workspace != "" {
		of = "team " + m.workspace
	}
	if len(keys) > 0 {
		of = fmt.Sprintf("each of %d API keys", len(keys))
	}
	made := importer.Policy{
		Name:      importer.Cut(fmt.Sprintf("%s: %s %s, %s", m.model, m.limit.Kind, m.limit.Type, of)),
		Workspace: m.workspace, State: importer.New, Limits: []importer.Limit{m.limit},
		Conditions: []importer.Condition{{Attribute: "model", In: models(m.model)}},
	}
	if len(keys) > 0 {
		made.GroupBy, made.ForNewKeys = []string{"apiKey"}, true
		made.Conditions = append(made.Conditions, importer.Condition{Attribute: "apiKey", In: keys})
	}
	text, err := json.Marshal(made)
	if err != nil {
		panic(err) // a policy has nothing that cannot be written
	}
	sum := sha256.Sum256(append(text, m.organization...))
	made.ExternalID = hex.EncodeToString(sum[:16])
	return made
}

// models returns what a model may be called: as LiteLLM has it, and without the provider before it.
func models(name string) []string {
	name = strings.ToLower(strings.TrimSpace(name))
	if _, model, found := strings.Cut(name, "/"); found && model != "" {
		return []string{name, model}
	}
	return []string{name}
}
