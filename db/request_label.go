package db

// notGiven stands for a number that a gateway does not give, in the arguments of the functions of enforcement.
const notGiven = -1

// RequestLabels say what a request is for. All are "" when not given.
type RequestLabels struct {
	Provider    string      `json:"provider,omitzero"`
	Model       string      `json:"model,omitzero"`
	ServiceTier ServiceTier `json:"serviceTier,omitzero"`
	Metadata    string      `json:"metadata,omitzero"` // a JSON object
}

// Priced are the arguments of reserve_usage and check_usage that say what the requests of a batch are for. They are nil when none says
// anything, which spares the database to look.
type Priced struct {
	Labels [][]string
	Sizes  [][]int64
	used   bool
	pieces bool // a request may have images or searches
}

// Sizes is how large a request may be.
type Sizes struct {
	InputTokens     *int64 `json:"inputTokens,omitzero"`     // nil: not given
	MaxOutputTokens *int64 `json:"maxOutputTokens,omitzero"` // nil: not given
	Images          int64  `json:"images,omitzero"`          // at most
	WebSearches     int64  `json:"webSearches,omitzero"`     // at most
}

// Add appends a request: what it is for, and how large it may be. The orders are those of price_requests.
func (p *Priced) Add(labels RequestLabels, sizes Sizes) {
	p.Labels = appendRow(p.Labels, labels.Provider, labels.Model, string(labels.ServiceTier), labels.Metadata)
	p.Sizes = appendRow(p.Sizes, sizeOf(sizes.InputTokens), sizeOf(sizes.MaxOutputTokens), sizes.Images, sizes.WebSearches)
	p.used = p.used || labels != RequestLabels{}
	p.pieces = p.pieces || sizes.Images > 0 || sizes.WebSearches > 0
}

// Arguments returns the arguments of the batch.
func (p *Priced) Arguments() (labels [][]string, sizes [][]int64) {
	if !p.used {
		return nil, nil
	}
	if !p.pieces {
		return p.Labels, p.Sizes[:2]
	}
	return p.Labels, p.Sizes
}

func sizeOf(tokens *int64) int64 {
	if tokens == nil {
		return notGiven
	}
	return *tokens
}
