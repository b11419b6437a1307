package db_test

import (
	"testing"
	"time"

	"bursar/auth"
	"bursar/db"
)

// rotate gives the tenant's key a new secret.
func (g *gateway) rotate(transition time.Duration) auth.Secret {
	g.T.Helper()
	secret := auth.NewSecret(auth.APIKeyPrefix)
	ends := query[*time.Time](g, `select rotate_api_key($1, $2, $3, $4, $5, $6)`, g.Organization.ID, g.Key.ID,
		secret.Hash, secret.Prefix, int32(transition/time.Second), g.now)
	if ends == nil {
		g.T.Fatal("not rotated")
	}
	equalTime(g.T, "end of the transition", *ends, g.now.Add(transition))
	return secret
}

// works tells whether a secret names the key, for every function that looks keys up.
func (g *gateway) works(secret auth.Secret) bool {
	g.T.Helper()
	checked := g.check(estimateTokens(0).presenting(secret.Hash)).Allowed
	equal(g.T, "reserve as check", g.reserve(estimateTokens(0).presenting(secret.Hash)).Allowed, checked)
	equal(g.T, "record as check", g.record(reportTokens(0).presenting(secret.Hash)).Error == nil, checked)
	return checked
}

// A rotated secret works until its transition ends, half-open; the new one works at once.
func TestRotation(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	fresh := g.rotate(30 * time.Minute)
	end := g.after(30 * time.Minute)
	equal(t, "new at once", g.works(fresh), true)
	equal(t, "old at once", g.works(g.Secret), true)
	equal(t, "old a microsecond before the end", end.after(-time.Microsecond).works(g.Secret), true)
	equal(t, "old at the end", end.works(g.Secret), false)
	equal(t, "new at the end", end.works(fresh), true)
}

// A transition of 0 ends the old secret now.
func TestRotationWithoutTransition(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	fresh := g.rotate(0)
	equal(t, "old", g.works(g.Secret), false)
	equal(t, "new", g.works(fresh), true)
}

// A second rotation within the transition ends the first: two secrets at most work.
func TestSecondRotationEndsTheFirst(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	second := g.rotate(30 * time.Minute)
	later := g.after(time.Minute)
	third := later.rotate(30 * time.Minute)
	equal(t, "first", later.works(g.Secret), false)
	equal(t, "second", later.works(second), true)
	equal(t, "third", later.works(third), true)
	equal(t, "second at the end of the first's transition", g.after(30*time.Minute).works(second), true)
	equal(t, "second at its own end", later.after(30*time.Minute).works(second), false)
	fourth := later.rotate(0)
	equal(t, "third", later.works(third), false)
	equal(t, "fourth", later.works(fourth), true)
}

// Rotation keeps the key's id and every counter.
func TestRotationKeepsCounters(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(40).presenting(g.Secret.Hash))
	held := g.admit(estimateTokens(10).presenting(g.Secret.Hash))
	fresh := g.rotate(0)
	g.counts(budget, 40, 10)
	event := g.book(reportTokens(12).settling(held).presenting(fresh.Hash))
	equal(t, "key", event.APIKeyID, g.Key.ID)
	g.counts(budget, 52, 0)
	equal(t, "prefix", query[string](g, `select prefix from api_keys`), fresh.Prefix)
	g.verified()
}

// What is revoked, unknown or another organization's is not rotated.
func TestWhatIsNotRotated(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	g.setKey("revoked_at = $2", g.now)
	for _, of := range []struct{ organization, key any }{
		{g.Organization.ID, g.Key.ID}, {g.Organization.ID, other.Key.ID}, {g.Organization.ID, g.Owner.ID},
	} {
		ends := query[*time.Time](g, `select rotate_api_key($1, $2, $3, 'x', 60, $4)`, of.organization, of.key,
			auth.NewSecret(auth.APIKeyPrefix).Hash, g.now)
		if ends != nil {
			t.Errorf("rotated %v", of)
		}
	}
	equal(t, "other", other.works(other.Secret), true)
	g.deny(estimateTokens(0).presenting(g.Secret.Hash), db.DenialReasonKEYREVOKED)
}
