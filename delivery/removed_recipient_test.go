package delivery

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
)

// Nobody is mailed who is no recipient any more when the mail is written: a member who was removed, an administrator who became a
// MEMBER, and an address that was taken from the recipients. The deliveries say so, and all others are sent. Who is an
// administrator by then in another way, or under the address in another case, is mailed.
func TestNoMailToWhoWasRemoved(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	member := func(address string) *db.Member {
		return f.Member(f.Organization.ID, address, db.MemberRoleADMIN)
	}
	removed, demoted, returning := member("removed@acme.test"), member("demoted@acme.test"), member("returning@acme.test")
	f.Alert("taken@acme.test", "added@acme.test")

	for _, m := range []*db.Member{removed, returning} {
		_, err := db.New().RemoveMember(ctx, f.Pool, &db.RemoveMemberParams{ID: m.ID, OrganizationID: &f.Organization.ID})
		must(t, err)
	}
	_, err := db.New().UpdateMember(ctx, f.Pool, &db.UpdateMemberParams{ID: demoted.ID, Role: new(db.MemberRoleMEMBER)})
	must(t, err)
	must(t, db.New().RemoveRecipients(ctx, f.Pool, &db.RemoveRecipientsParams{
		OrganizationID: f.Organization.ID, SubjectID: f.Key.ID, Emails: []string{"TAKEN@acme.test"}}))
	f.Recipients("Returning@Acme.test")

	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	for address, delivery := range f.Deliveries() {
		sent := address == f.OwnerAddress() || address == "added@acme.test" || address == "returning@acme.test"
		switch {
		case sent && delivery.Status != db.DeliveryStatusSENT:
			t.Errorf("%s: the delivery is %s", address, delivery.Status)
		case !sent && (delivery.Status != db.DeliveryStatusFAILED || delivery.LastError == nil ||
			!strings.Contains(*delivery.LastError, "removed from the recipients") || delivery.Attempts != 0):
			t.Errorf("%s: the delivery is %+v, want it not to be tried", address, delivery)
		case sender.Received(address) != map[bool]int{true: 1, false: 0}[sent]:
			t.Errorf("%s got %d mails", address, sender.Received(address))
		}
	}
	if got := len(f.Deliveries()); got != 6 {
		t.Errorf("%d deliveries, want 6", got)
	}
}

// Workers of the release before, which do not know REFUSED, lose no mail about it: what they fail for that reason stays in the queue.
// Other failures stand.
func TestWorkersOfTheReleaseBeforeLoseNoRefusal(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	refuse := func(reason string) *db.AlertDelivery {
		t.Helper()
		for _, delivery := range f.Deliveries() {
			must(t, db.New().RefuseDeliveries(t.Context(), f.Pool, &db.RefuseDeliveriesParams{
				LastErrors: []string{reason}, OrganizationIDs: []uuid.UUID{delivery.OrganizationID}, AlertIDs: []uuid.UUID{delivery.AlertID},
				Purposes: []string{string(delivery.Purpose)}, Addresses: []string{delivery.Address}}))
		}
		return f.Deliveries()[f.OwnerAddress()]
	}
	kept := refuse(`alert "alt_019ac": kind is "REFUSED", want one of ["THRESHOLD" "EXHAUSTED" "RESET"]`)
	if kept.Status != db.DeliveryStatusQUEUED || kept.LastError != nil || time.Until(kept.NextAttemptAt) < 50*time.Second {
		t.Errorf("the delivery is %+v, want it to wait for a minute", kept)
	}
	if failed := refuse(`alert "alt_019ac": amount is 0, want more than 0`); failed.Status != db.DeliveryStatusFAILED {
		t.Errorf("the delivery is %+v, want it to have failed", failed)
	}
}
