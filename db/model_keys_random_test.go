package db_test

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/auth"
	"bursar/db"
	"bursar/db/model"
)

// changeKey changes what decides about a key, or who hears of its alerts.
func (p *play) changeKey(rt *rapid.T) {
	k := p.someKey(rt)
	o := p.Organization(k.Organization)
	switch what := rapid.IntRange(0, 13).Draw(rt, "what"); what {
	case 0:
		p.endHolds(rt, k, func() { k.Revoked = true }, `update api_keys set revoked_at = $2 where id = $1`, p.Now)
	case 1, 2:
		expires := p.Now.Add(rapid.SampledFrom([]time.Duration{-time.Second, 0, time.Minute, 48 * time.Hour}).Draw(rt, "expires"))
		p.endHolds(rt, k, func() { k.Expires = &expires }, `update api_keys set expires_at = $2 where id = $1`, expires)
	case 3, 4:
		p.endHolds(rt, k, func() { k.Expires = nil }, `update api_keys set expires_at = $2 where id = $1`, (*time.Time)(nil))
	case 5, 6, 7:
		p.endHolds(rt, k, func() { k.Enabled = !k.Enabled }, `update api_keys set enabled = $2 where id = $1`, !k.Enabled)
	case 8:
		k.Mails = !k.Mails
		p.exec(rt, `update api_keys set email_notifications = $2 where id = $1`, k.ID, k.Mails)
	case 9, 10:
		subject := k.ID
		if rapid.Bool().Draw(rt, "all keys") {
			subject = o.ID
		}
		email := rapid.SampledFrom([]string{"a@example.test", "A@Example.test", "b@example.test", "CREATOR@example.test"}).Draw(rt, "email")
		o.Added[subject] = append(o.Added[subject], email)
		added := &db.AddRecipientsParams{OrganizationID: o.ID, Emails: []string{email}}
		if subject == k.ID {
			added.APIKeyID = &k.ID
		}
		if err := db.New().AddRecipients(context.Background(), p.g.Pool, added); err != nil {
			rt.Fatal(err)
		}
	default:
		p.rotateKey(rt, k)
	}
}

// endHolds changes a key in a way that may end what it holds. The trigger notes that at the database's clock, and the note is put to the
// sequence's. What has ended is given back now, in part or not at all: no answer depends on it.
func (p *play) endHolds(rt *rapid.T, k *model.Key, change func(), statement string, value any) {
	var noted *time.Time
	row := p.g.Pool.QueryRow(context.Background(), `select max(ended_at) from hold_ends where api_key_id = $1`, k.ID)
	if err := row.Scan(&noted); err != nil {
		rt.Fatal(err)
	}
	p.exec(rt, statement, k.ID, value)
	if p.ChangeKey(k, change) {
		noted = &p.Now
	}
	p.exec(rt, `delete from hold_ends where api_key_id = $1`, k.ID)
	if noted != nil {
		p.exec(rt, `insert into hold_ends values ($1, $2, $3)`, k.Organization, k.ID, *noted)
	}
	p.giveBack(rt, k)
	p.MoveTo(p.Now.Add(time.Microsecond)) // no request is decided at the instant at which holds have ended
}

// giveBack gives back what has ended of an organization's keys, or of one of them, of all reservations or of some.
func (p *play) giveBack(rt *rapid.T, k *model.Key) {
	only := (*uuid.UUID)(nil)
	if rapid.Bool().Draw(rt, "of one key") {
		only = &k.ID
	}
	if slices.ContainsFunc(p.Reservations, func(r *model.Reservation) bool { return r.Key == k.ID && r.Admitted.After(p.Now) }) {
		p.exec(rt, `select end_holds_of_keys($1, $2, 10000, $3)`, k.Organization, p.Now, k.ID) // what ends is not known by its time
		return
	}
	if most := rapid.SampledFrom([]int32{0, 1, 2, 10_000, 10_000}).Draw(rt, "give back"); most > 0 {
		p.exec(rt, `select end_holds_of_keys($1, $2, $3, $4)`, k.Organization, p.Now, most, only)
	}
}

// releaseKey ends what a key holds, whether it may be used or not.
func (p *play) releaseKey(rt *rapid.T) {
	k := p.someKey(rt)
	p.ReleaseAll(k)
	p.exec(rt, `insert into hold_ends values ($1, $2, $3) on conflict (organization_id, api_key_id) do update set ended_at = excluded.ended_at`,
		k.Organization, k.ID, p.Now)
	p.giveBack(rt, k)
	p.MoveTo(p.Now.Add(time.Microsecond))
}

// rotateKey gives a key another secret; the one before works through the transition, and those before it no more.
func (p *play) rotateKey(rt *rapid.T, k *model.Key) {
	secret := auth.NewSecret(auth.APIKeyPrefix)
	transition := rapid.SampledFrom([]time.Duration{0, time.Second, 30 * time.Minute}).Draw(rt, "transition")
	p.exec(rt, `select rotate_api_key($1, $2, $3, $4, $5, $6)`, k.Organization, k.ID, secret.Hash, secret.Prefix,
		int32(transition/time.Second), p.Now)
	if k.Revoked {
		return
	}
	before := k.Secrets[len(k.Secrets)-1]
	before.Ends = new(p.Now.Add(transition))
	k.Secrets = []model.Secret{before, {Hash: string(secret.Hash)}}
	if transition == 0 {
		k.Secrets = k.Secrets[1:] // gone, also when the clock is put back
	}
	p.secrets = append(p.secrets, secret.Hash)
}

// boundHolds sets what an organization lets its keys hold.
func (p *play) boundHolds(rt *rapid.T) {
	o := rapid.SampledFrom(p.Organizations).Draw(rt, "organization")
	o.Percent = rapid.SampledFrom([]int64{0, 1, 10, 33, 50, 100}).Draw(rt, "percent")
	o.Longest = rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(rt, "longest")
	p.exec(rt, `update organizations set key_hold_percent = nullif($2, 0), key_hold_seconds = nullif($3, 0) where id = $1`,
		o.ID, int32(o.Percent), int32(o.Longest/time.Second))
}
