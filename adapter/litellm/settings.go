package litellm

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bursar/db"
	"bursar/fault"
	"bursar/gateway/wire"
	"bursar/graph/scalar"
)

// settingsHeader has settings in the form of a query string: LiteLLM writes the path of its guardrail behind the address, where a query would end.
const settingsHeader = "X-Bursar-Settings"

// settings are what the operator of LiteLLM puts into the header, or into the query string of the address.
type settings struct {
	key      string // "hash": the key with the secret of LiteLLM's key; "alias": the one that its alias names by its id
	provider string
	cost     string // what to hold, in dollars; "": by the price
	output   string // tokens that may come out; "": as much as the model writes
	source   string // of what is booked: "bursar" or "litellm"
}

func read(r *http.Request, known ...string) (*settings, error) {
	text := r.URL.RawQuery
	if given := r.Header.Get(settingsHeader); given != "" {
		text = given
	}
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, fault.New(fault.BadUserInput, "the settings are malformed: they have the form of a query string")
	}
	for name, values := range query {
		if !slices.Contains(known, name) || len(values) != 1 {
			return nil, fault.BadInput(name, "there is no such parameter, or it is given twice")
		}
	}
	s := &settings{query.Get("key"), query.Get("provider"), query.Get("estimate.cost"), query.Get("estimate.maxOutputTokens"), query.Get("cost")}
	switch {
	case !slices.Contains([]string{"", "hash", "alias"}, s.key):
		return nil, fault.BadInput("key", "must be hash or alias")
	case !slices.Contains([]string{"", "bursar", "litellm"}, s.source):
		return nil, fault.BadInput("cost", "must be bursar or litellm")
	}
	return s, nil
}

// identity is whose key of LiteLLM's a call was made with.
type identity struct {
	Hash     *string `json:"user_api_key_hash"`
	Alias    *string `json:"user_api_key_alias"`
	User     *string `json:"user_api_key_user_id"`
	Team     *string `json:"user_api_key_team_id"`
	EndUser  *string `json:"user_api_key_end_user_id"`
	LiteLLMs *string `json:"user_api_key_org_id"`
}

// metadata returns what is kept with the call; nothing where that may not be kept: users' names are of their own choice.
func (i *identity) metadata() db.Metadata {
	given := map[string]any{}
	for name, value := range map[string]*string{"user": i.User, "team": i.Team, "endUser": i.EndUser, "organization": i.LiteLLMs} {
		if value != nil && *value != "" {
			given[name] = *value
		}
	}
	kept, err := scalar.UnmarshalMetadata(given)
	if err != nil {
		return db.Metadata{}
	}
	return kept
}

// named is the API key that a call was made with: one of the three is set.
type named struct {
	id, secret *string
	hash       string
}

// name returns the key that a call was made with, as settings say. LiteLLM hashes keys that begin with sk-, and no others: a secret of Bursar's, which a
// custom_auth may accept, stands in place of the hash.
func (i *identity) name(s *settings) (named, error) {
	if s.key == "alias" {
		if i.Alias == nil || *i.Alias == "" {
			return named{}, fault.BadInput("user_api_key_alias", "is missing: it has to be the id of a key of Bursar's")
		}
		return named{id: i.Alias}, nil
	}
	if i.Hash == nil || *i.Hash == "" {
		return named{}, fault.BadInput("user_api_key_hash", "is missing")
	}
	if strings.HasPrefix(*i.Hash, wire.Prefix) {
		return named{secret: i.Hash}, nil
	}
	return named{hash: *i.Hash}, nil
}
