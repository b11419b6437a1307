package preview

import (
	"cmp"
	"slices"
	"strings"

	"bursar/db"
	"bursar/graph/model"
)

// maxListed is how many addresses of an alert are listed.
const maxListed = 100

// reach says who hears of an alert. named is whom the budget names; nil: the subject's recipients hear of it.
func (d *draft) reach(alert *model.PreviewedAlert, named *db.AlertRecipients) {
	byAddress := map[string]*db.PreviewRecipientsRow{}
	for _, row := range d.heard {
		hears := named == nil || named.SubjectRecipients
		if row.Source == db.RecipientSourceNAMED {
			hears = named != nil && slices.ContainsFunc(named.Emails, func(email string) bool { return strings.EqualFold(email, row.Email) })
		}
		if !hears {
			continue
		}
		// the subject's recipients come first; one who was invited is told as named
		if before := byAddress[row.Address]; before == nil || before.IsInvited {
			byAddress[row.Address] = row
		}
	}
	alert.Recipients = []*model.PreviewedRecipient{}
	for _, row := range byAddress {
		alert.Recipients = append(alert.Recipients, &model.PreviewedRecipient{Email: row.Email, Source: row.Source, Reach: d.reachOf(row), FormerMember: row.IsFormer})
	}
	order := db.AllRecipientSourceValues()
	slices.SortFunc(alert.Recipients, func(x, y *model.PreviewedRecipient) int {
		return cmp.Or(cmp.Compare(slices.Index(order, x.Source), slices.Index(order, y.Source)), strings.Compare(x.Email, y.Email))
	})
	alert.RecipientCount = len(alert.Recipients)
	alert.Recipients = alert.Recipients[:min(len(alert.Recipients), maxListed)]
}

func (d *draft) reachOf(row *db.PreviewRecipientsRow) model.AlertReach {
	mails := d.row.EmailNotifications
	if d.input.EmailNotifications != nil && (d.ofKey || d.subject.APIKeyID != nil) {
		mails = *d.input.EmailNotifications
	}
	switch {
	case !mails:
		return model.AlertReachNotificationsOff
	case row.IsInvited:
		return model.AlertReachInvited
	case row.SuppressedReason != nil:
		return model.AlertReachSuppressed
	}
	return model.AlertReachMailed
}
