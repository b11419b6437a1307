// Package demomodel is what the models of the demo provider say, and what that costs, whatever the format of the request and of the answer.
// The same ask has the same answer.
package demomodel

import "bursar/usage"

// Provider is the provider's name in lists of prices.
const Provider = "demo"

// Model is a model and its prices in nano-dollars: $1 for a million tokens are 1,000 for each.
type Model struct {
	Name            string `json:"name"`
	Does            string `json:"does"` // chat, embeddings, images, speech or transcription
	MaxOutputTokens int64  `json:"maxOutputTokens,omitzero"`

	InputNanos        int64 `json:"inputNanos"` // for each token, as all others
	CachedInputNanos  int64 `json:"cachedInputNanos,omitzero"`
	CacheWriteNanos   int64 `json:"cacheWriteNanos,omitzero"`
	CacheWrite1hNanos int64 `json:"cacheWrite1hNanos,omitzero"`
	AudioInputNanos   int64 `json:"audioInputNanos,omitzero"`
	OutputNanos       int64 `json:"outputNanos,omitzero"` // reasoning too
	AudioOutputNanos  int64 `json:"audioOutputNanos,omitzero"`

	reasons bool // without being asked to
}

// What models do.
const (
	Chat          = "chat"
	Embeddings    = "embeddings"
	Images        = "images"
	Speech        = "speech"
	Transcription = "transcription"
)

// Models returns all models.
func Models() []Model {
	return []Model{
		{Name: "demo-small", Does: Chat, MaxOutputTokens: 4_096, InputNanos: 400, CachedInputNanos: 100, CacheWriteNanos: 500,
			CacheWrite1hNanos: 800, OutputNanos: 1_600},
		{Name: "demo-large", Does: Chat, MaxOutputTokens: 4_096, InputNanos: 5_000, CachedInputNanos: 500, CacheWriteNanos: 6_250,
			CacheWrite1hNanos: 10_000, OutputNanos: 25_000},
		{Name: "demo-reasoning", Does: Chat, MaxOutputTokens: 8_192, InputNanos: 2_000, CachedInputNanos: 500, CacheWriteNanos: 2_500,
			CacheWrite1hNanos: 4_000, OutputNanos: 8_000, reasons: true},
		{Name: "demo-embedding", Does: Embeddings, InputNanos: 20},
		{Name: "demo-image", Does: Images, InputNanos: 5_000, OutputNanos: 10_000},
		{Name: "demo-speech", Does: Speech, InputNanos: 600, AudioOutputNanos: 12_000},
		{Name: "demo-transcribe", Does: Transcription, MaxOutputTokens: 2_000, InputNanos: 1_250, AudioInputNanos: 3_000, OutputNanos: 5_000},
	}
}

// CostNanos returns what usage costs, in nano-dollars.
func (m *Model) CostNanos(u *usage.Parts) int64 {
	plainInput := u.InputTokens - u.CachedInputTokens - u.CacheWriteTokens - u.AudioInputTokens
	return plainInput*m.InputNanos + u.CachedInputTokens*m.CachedInputNanos +
		(u.CacheWriteTokens-u.CacheWrite1hTokens)*m.CacheWriteNanos + u.CacheWrite1hTokens*m.CacheWrite1hNanos +
		u.AudioInputTokens*m.AudioInputNanos + (u.OutputTokens-u.AudioOutputTokens)*m.OutputNanos +
		u.AudioOutputTokens*m.AudioOutputNanos
}

// Find returns the model of a name.
func Find(name string) (Model, bool) {
	for _, m := range Models() {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}
