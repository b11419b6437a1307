package document

import (
	"context"
	"regexp"

	"github.com/99designs/gqlgen/graphql"

	"bursar/auth"
)

// Persisted keeps the documents that clients have sent with their hash, for those that then send the hash alone
// (automatic persisted queries). gqlgen has proved that text and hash belong together. It takes them from callers with a
// token, so that nobody else can drive them out.
type Persisted struct{ texts *Cache[string] }

var _ graphql.Cache[string] = Persisted{}

// persistedBytes is the room for documents that were sent with their hash.
const persistedBytes = 8 << 20

func NewPersisted() Persisted {
	return Persisted{NewCache(persistedBytes, func(hash, document string) int { return len(hash) + len(document) })}
}

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Get implements [graphql.Cache].
func (d Persisted) Get(ctx context.Context, hash string) (string, bool) {
	if !sha256Form.MatchString(hash) {
		return "", false
	}
	return d.texts.Get(ctx, hash)
}

// Add implements [graphql.Cache].
func (d Persisted) Add(ctx context.Context, hash, document string) {
	if principal, err := auth.FromContext(ctx); err == nil && principal != nil && len(document) <= maxDocumentBytes {
		d.texts.Add(ctx, hash, document)
	}
}
