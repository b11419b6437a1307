package auth

import (
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	keyIDUseEvery   = time.Hour // between log lines about one access token
	maxKeyIDUsesOf  = 1024      // access tokens whose last line is remembered
	keyIDUseMessage = "an access token of a gateway names API keys by their ids, which are no secrets: send what callers present as " +
		"secret, and replace the token by one without acceptsKeyIds"
)

// KeyIDUses logs which GATEWAY tokens name API keys by their ids, each token once an hour.
type KeyIDUses struct {
	logger *slog.Logger
	now    func() time.Time

	mutex  sync.Mutex
	logged *simplelru.LRU[uuid.UUID, time.Time] // when a line about a token was written last
}

// NewKeyIDUses returns a log of uses by a clock.
func NewKeyIDUses(logger *slog.Logger, now func() time.Time) *KeyIDUses {
	logged, err := simplelru.NewLRU[uuid.UUID, time.Time](maxKeyIDUsesOf, nil)
	if err != nil {
		panic(err) // the size is positive
	}
	return &KeyIDUses{logger: logger, now: now, logged: logged}
}

// Note logs a use by a token of an organization, which is named by its external id, unless a line about the token was written within the
// hour.
func (u *KeyIDUses) Note(principal *Principal, organization string) {
	if u.isDue(principal.TokenID) {
		u.logger.Warn(keyIDUseMessage, "access_token", principal.Actor, "organization", organization)
	}
}

func (u *KeyIDUses) isDue(tokenID uuid.UUID) bool {
	now := u.now()
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if last, ok := u.logged.Get(tokenID); ok && now.Sub(last) < keyIDUseEvery {
		return false
	}
	u.logged.Add(tokenID, now)
	return true
}
