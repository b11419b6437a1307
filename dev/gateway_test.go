package dev

import "testing"

// The gateway listens beside the server, and never at an address that is none.
func TestNextPort(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"127.0.0.1:8080": {"127.0.0.1:8081", "127.0.0.1:0"}, "127.0.0.1:0": {"127.0.0.1:0", "127.0.0.1:0"}, ":65535": {":0", ":0"},
		"[::1]:80": {"[::1]:81", "[::1]:0"},
	} {
		if next, free := NextPort(address); next != want[0] || free != want[1] {
			t.Errorf("%s: %s and %s, want %s", address, next, free, want)
		}
	}
}

// Keys of providers in the environment make those providers; a key of Bursar's own, which is there for SDKs, makes none.
func TestRealProviders(t *testing.T) {
	t.Parallel()
	names := func(environment map[string]string) (names string) {
		lookup := func(name string) (string, bool) { value, ok := environment[name]; return value, ok }
		for _, p := range realProviders(lookup) {
			names += p.Name + " " + p.Key + " " + p.BaseURL.String() + ";"
		}
		return names
	}
	for want, environment := range map[string]map[string]string{
		"": {"OPENAI_API_KEY": "bsr_0000000000000000000000000000000000000000000000000", "ANTHROPIC_API_KEY": " "},
		"openai sk-1 https://api.openai.com;anthropic sk-2 https://api.anthropic.com;": {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2"},
	} {
		if got := names(environment); got != want {
			t.Errorf("%v: %q, want %q", environment, got, want)
		}
	}
}
