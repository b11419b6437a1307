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
}

// Add appends a request: what it is for, its input tokens and how much output it may have (nil: not given). The orders are those of
// price_requests.
func (p *Priced) Add(labels RequestLabels, input, output *int64) {
	p.Labels = appendRow(p.Labels, labels.Provider, labels.Model, string(labels.ServiceTier), labels.Metadata)
	p.Sizes = appendRow(p.Sizes, sizeOf(input), sizeOf(output))
	p.used = p.used || labels != RequestLabels{}
}

// Arguments returns the arguments of the batch.
func (p *Priced) Arguments() (labels [][]string, sizes [][]int64) {
	if !p.used {
		return nil, nil
	}
	return p.Labels, p.Sizes
}

func sizeOf(tokens *int64) int64 {
	if tokens == nil {
		return notGiven
	}
	return *tokens
}
