package wire

import (
	"encoding/json"
	"errors"

	"bursar/usage"
)

// mode is how an answer is read.
type mode byte

const (
	modePlain    mode = iota // not at all
	modeDocument             // as JSON
	modeEvents               // as server-sent events
)

// answer is what is known of an answer that passes.
type answer struct {
	call   *Call
	mode   mode
	hide   bool // whether the chunk with the usage is taken out
	sieve  sieve
	events events

	bytes    int64
	count    int64 // events
	finished bool  // whether the model has finished, though more may come
	ended    bool  // whether it is complete
	terminal bool  // whether nothing more comes that matters
	failed   bool
	err      error // why usage could not be read

	usage    []byte            // the last document or event that has usage, as the sieve has kept it
	search   []byte            // the last one of Gemini that has searches
	messages *messagesUsage    // of a stream of Anthropic
	pictures int64             // that a stream has completed
	model    string            // as the first event names it
	tier     usage.ServiceTier // as the first event names it
}

// read reads the next piece.
func (a *answer) read(p []byte) {
	a.bytes += int64(len(p))
	switch a.mode {
	case modeDocument:
		a.sieve.write(p)
	case modeEvents:
		for len(p) > 0 {
			n, complete := a.events.next(p)
			if p = p[n:]; complete {
				a.event()
			}
		}
	case modePlain:
	}
}

// event reads the event that is complete, and says whether the caller must not get it.
func (a *answer) event() (drop bool) {
	if a.events.data {
		a.count++
		drop = a.message()
	}
	a.events.begin()
	return drop
}

// message reads the object that the sieve has kept: an event's, or an element of Gemini's array.
func (a *answer) message() (drop bool) {
	if a.sieve.err != nil && a.sieve.usage > 0 {
		a.err = a.sieve.err
	}
	a.failed = a.failed || a.sieve.failure || a.sieve.kind == "error"
	switch a.call.Kind {
	case Chat, Completions:
		return a.chat()
	case Responses:
		a.responses()
	case Messages:
		a.anthropic()
	case Generate:
		a.gemini()
	case Images, Speech, Transcription:
		a.media()
	case Embeddings, Free, Other:
	}
	return false
}

// finish notes the end of the upstream's body, and says whether the caller must not get the event before it.
func (a *answer) finish() (drop bool) {
	switch a.mode {
	case modePlain:
		a.ended = !a.failed || a.ended
	case modeEvents:
		if a.events.data { // the last event has no empty line after it
			drop = a.event()
		}
		a.ended = a.ended || a.finished // of streams that have no terminal event, or whose provider sends none
	case modeDocument:
		if a.sieve.each == nil {
			a.whole()
		}
		a.ended = a.ended || a.finished
	}
	a.terminal = true
	return drop
}

// whole reads a complete document.
func (a *answer) whole() {
	a.ended = a.sieve.done
	if a.sieve.err != nil {
		a.err = a.sieve.err
	}
	if a.sieve.done {
		a.keep()
	}
	if a.sieve.failure && a.sieve.usage == 0 {
		a.failed = true
	}
}

// keep keeps what the sieve has, which has usage.
func (a *answer) keep() {
	if a.sieve.err == nil {
		a.usage = append(a.usage[:0], a.sieve.out...)
	}
}

// seen returns what is known by now.
func (a *answer) seen() Seen {
	s := Seen{Ended: a.ended, Failed: a.failed, Err: a.err, Bytes: a.bytes, OutputBytes: a.sieve.text}
	parts, err := a.parts()
	switch {
	case err == nil:
		s.Parts, s.HasUsage = parts, true
	case s.Err == nil && !errors.Is(err, usage.ErrNone):
		s.Err = err
	}
	return s
}

// parts reads the usage that is known by now.
func (a *answer) parts() (usage.Parts, error) {
	document := a.usage
	if a.messages != nil {
		document = a.messages.document()
	}
	if len(document) == 0 || a.mode == modePlain {
		return usage.Parts{}, usage.ErrNone
	}
	parts, err := usage.Read(a.call.Flavor, document)
	if err != nil {
		return usage.Parts{}, err
	}
	if len(a.search) > 0 {
		if earlier, err := usage.Read(a.call.Flavor, a.search); err == nil {
			parts.WebSearches = max(parts.WebSearches, earlier.WebSearches)
		}
	}
	parts.Images = max(parts.Images, a.pictures)
	if a.call.Kind == Speech { // what is made is sound, all of it
		parts.AudioInputTokens, parts.AudioOutputTokens = 0, parts.OutputTokens
	}
	for _, model := range []string{a.model, a.call.Model} {
		if parts.Model == "" {
			parts.Model = model
		}
	}
	if parts.ServiceTier == usage.Standard && a.tier != "" {
		parts.ServiceTier = a.tier
	}
	return parts, nil
}

// first keeps what the first event says of the whole answer, which the last one may not repeat.
func (a *answer) first() {
	if a.count > 1 || a.model != "" {
		return
	}
	var event struct {
		Model string `json:"model"`
		Tier  string `json:"service_tier"`
	}
	if json.Unmarshal(a.sieve.out, &event) == nil {
		a.model, a.tier = event.Model, usage.TierOf(event.Tier)
	}
}
