package db_test

import (
	"testing"
	"time"

	"bursar/auth"
)

// replaceLost gives the tenant's key a new secret in place of one that nobody has received.
func (g *gateway) replaceLost(transition time.Duration) auth.Secret {
	g.T.Helper()
	secret := auth.NewSecret(auth.APIKeyPrefix)
	ends := query[*time.Time](g, `select replace_lost_secret($1, $2, $3, $4, $5, $6)`, g.Organization.ID, g.Key.ID,
		secret.Hash, secret.Prefix, int32(transition/time.Second), g.now)
	if ends == nil {
		g.T.Fatal("not replaced")
	}
	equalTime(g.T, "end of the transition", *ends, g.now.Add(transition))
	return secret
}

// A secret that was lost on its way is replaced without harm to the one that everybody uses: that one works for another transition,
// however often the new one is lost; the lost ones end at once.
func TestLostSecretIsReplaced(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	lost := []auth.Secret{g.rotate(30 * time.Minute)}
	later := g.after(20 * time.Minute)
	lost = append(lost, later.replaceLost(30*time.Minute), later.replaceLost(30*time.Minute))
	fresh := later.replaceLost(30 * time.Minute)
	for i, secret := range lost {
		if later.works(secret) {
			t.Errorf("the lost secret %d works", i)
		}
	}
	equal(t, "new", later.works(fresh), true)
	end := later.after(30 * time.Minute)
	equal(t, "used one a microsecond before the new end", end.after(-time.Microsecond).works(g.Secret), true)
	equal(t, "used one at the new end", end.works(g.Secret), false)
	equal(t, "new at the end", end.works(fresh), true)
	equal(t, "prefix", query[string](g, `select prefix from api_keys`), fresh.Prefix)
	equal(t, "secrets", query[int](g, `select count(*) from api_key_secrets`), 2)
}

// A secret whose transition is over does not come back; nor does one with a transition of 0; a key that never had another is given
// a new one.
func TestLostSecretBringsNoneBack(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	lost := g.rotate(time.Minute)
	late := g.after(time.Minute)
	fresh := late.replaceLost(time.Hour)
	equal(t, "ended", late.works(g.Secret), false)
	equal(t, "lost", late.works(lost), false)
	equal(t, "new", late.works(fresh), true)
	rotated := late.rotate(time.Hour)
	equal(t, "in transition", late.works(fresh), true)
	last := late.replaceLost(0)
	for name, secret := range map[string]auth.Secret{"in transition": fresh, "lost": rotated} {
		equal(t, name, late.works(secret), false)
	}
	equal(t, "last", late.works(last), true)

	other := g.neighbour()
	first := other.replaceLost(time.Hour) // the answer to its creation was lost
	equal(t, "created", other.works(other.Secret), false)
	equal(t, "replaced", other.works(first), true)
	other.setKey("revoked_at = $2", other.now)
	equal(t, "revoked", query[*time.Time](other, `select replace_lost_secret($1, $2, $3, 'x', 60)`, other.Organization.ID, other.Key.ID,
		auth.NewSecret(auth.APIKeyPrefix).Hash) == nil, true)
}
