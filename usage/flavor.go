package usage

import "strings"

// Flavor is the form of an API's answers.
type Flavor string

// The flavors. Those that answer in the form of OpenAI's chat completions are read alike, whatever they add to it.
const (
	OpenAIChat          Flavor = "openai-chat" // completions too, and whoever is compatible
	OpenAIResponses     Flavor = "openai-responses"
	OpenAIEmbeddings    Flavor = "openai-embeddings" // those of Mistral, Voyage and others too
	OpenAIImages        Flavor = "openai-images"
	OpenAIRealtime      Flavor = "openai-realtime" // the event response.done
	OpenAITranscription Flavor = "openai-transcription"
	Anthropic           Flavor = "anthropic" // Messages, at Anthropic, Amazon, Google and Microsoft
	Gemini              Flavor = "gemini"    // generateContent, at the Gemini API and Vertex AI, and events of the Live API
	BedrockConverse     Flavor = "bedrock-converse"
	BedrockInvoke       Flavor = "bedrock-invoke" // each model's own form
	Cohere              Flavor = "cohere"
	CohereEmbeddings    Flavor = "cohere-embeddings"
	DeepSeek            Flavor = "deepseek"
	Fireworks           Flavor = "fireworks"
	Groq                Flavor = "groq"
	Mistral             Flavor = "mistral"
	OpenRouter          Flavor = "openrouter"
	Perplexity          Flavor = "perplexity"
	Together            Flavor = "together"
	XAI                 Flavor = "xai"
)

// readers returns what reads each flavor.
func readers() map[Flavor]func(*answer, *Parts) {
	return map[Flavor]func(*answer, *Parts){
		OpenAIChat: readChat, DeepSeek: readChat, Fireworks: readChat, Groq: readChat, Mistral: readChat,
		OpenRouter: readChat, Together: readChat, XAI: readXAI, Perplexity: readPerplexity,
		OpenAIResponses: readResponses, OpenAIEmbeddings: readEmbeddings, OpenAIImages: readImages,
		OpenAIRealtime: readRealtime, OpenAITranscription: readTranscription,
		Anthropic: readAnthropic, Gemini: readGemini, BedrockConverse: readConverse, BedrockInvoke: readInvoke,
		Cohere: readCohere, CohereEmbeddings: readCohereEmbeddings,
	}
}

// Flavors returns all flavors.
func Flavors() []Flavor {
	return []Flavor{OpenAIChat, OpenAIResponses, OpenAIEmbeddings, OpenAIImages, OpenAIRealtime, OpenAITranscription, Anthropic, Gemini,
		BedrockConverse, BedrockInvoke, Cohere, CohereEmbeddings, DeepSeek, Fireworks, Groq, Mistral, OpenRouter, Perplexity, Together, XAI}
}

// FlavorOf returns the flavor of a provider's API by the names that genai-prices has for both, such as "google" and "default".
// A provider that is not known answers in the form of OpenAI, as nearly all do.
func FlavorOf(provider, api string) Flavor {
	switch api {
	case "anthropic":
		return Anthropic
	case "responses":
		return OpenAIResponses
	case "realtime":
		return OpenAIRealtime
	case "images":
		return OpenAIImages
	case "embeddings":
		if provider == "cohere" {
			return CohereEmbeddings
		}
		return OpenAIEmbeddings
	}
	switch provider {
	case "anthropic", "minimax":
		if api == "default" {
			return Anthropic
		}
	case "google":
		if api == "default" {
			return Gemini
		}
	case "aws":
		return BedrockConverse
	case "cohere":
		return Cohere
	case "x-ai":
		return XAI
	case "deepseek", "fireworks", "groq", "mistral", "openrouter", "perplexity", "together":
		return Flavor(provider)
	}
	return OpenAIChat
}

// TierOf returns the service tier that a provider's name of one means, in requests as in answers.
func TierOf(name string) ServiceTier { return serviceTier(name) }

// serviceTier reads a provider's name of a service tier. What is not named is Standard, and so is a tier that is paid for by the hour or
// has no price of its own: default, auto, on_demand, scale, provisioned and others.
func serviceTier(name string) ServiceTier {
	switch strings.ToLower(name) {
	case "batch", "on_demand_batch":
		return Batch
	case "flex", "on_demand_flex":
		return Flex
	case "priority", "on_demand_priority", "fast":
		return Priority
	}
	return Standard
}
