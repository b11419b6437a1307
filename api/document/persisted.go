package document

import (
	"context"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"bursar/auth"
)

// Persisted keeps documents that clients have sent with their hash, for requests with the hash alone (automatic persisted queries).
// gqlgen has verified the hash. Only documents of authenticated callers are kept, so that nobody else can evict them.
type Persisted struct{ texts *Cache[string] }

var _ graphql.Cache[string] = Persisted{}

// persistedBytes is the size of all documents that are kept, and of what clients sent in place of trusted ones.
const persistedBytes = 8 << 20

// NewPersisted returns a store without documents.
func NewPersisted() Persisted {
	return Persisted{NewCache(persistedBytes, func(hash, document string) int { return len(hash) + len(document) })}
}

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Get implements [graphql.Cache]. The hash may have the prefix sha256.
func (d Persisted) Get(ctx context.Context, hash string) (string, bool) {
	hash = strings.TrimPrefix(hash, sha256Prefix)
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
