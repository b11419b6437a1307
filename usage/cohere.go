package usage

// readCohere reads an answer of Cohere's chat: the tokens that it bills, which are fewer than those that it counts. Where there are no
// billed ones, the counted ones.
func readCohere(a *answer, p *Parts) {
	for _, root := range []string{"usage", "meta"} { // of the second and the first version
		u := a.root(root, "billed_units", "tokens")
		for _, name := range []string{"billed_units", "tokens"} {
			units, _ := u[name].(object)
			if units == nil {
				continue
			}
			p.InputTokens = a.required(units, "input_tokens")
			p.OutputTokens = a.optional(units, "output_tokens")
			p.CachedInputTokens = min(a.optional(u, "cached_tokens"), p.InputTokens)
			return
		}
	}
	a.none()
}

// readCohereEmbeddings reads an answer of Cohere's embeddings. The tokens of pictures are input tokens here.
func readCohereEmbeddings(a *answer, p *Parts) {
	units, _ := a.root("meta", "billed_units")["billed_units"].(object)
	if units == nil {
		a.none()
		return
	}
	input, some := a.count(units, "input_tokens")
	pictures, more := a.count(units, "image_tokens")
	if !some && !more {
		a.none()
	}
	p.InputTokens = input + pictures
}
