package validate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

const (
	maxNamed      = 20                  // addresses that a budget names for one alert
	maxNamedLists = 2*maxThresholds + 2 // one for each threshold, EXHAUSTED and REFUSED
)

// alertRecipients returns who hears of single alerts of a budget with these thresholds; nil for nil.
func alertRecipients(limitType db.LimitType, list []*model.AlertRecipientsInput, alerts []int64, percents []int16) ([]*db.AlertRecipients, error) {
	const field = "alertRecipients"
	if list == nil {
		return nil, nil
	}
	if len(list) > maxNamedLists {
		return nil, fault.BadInput(field, "at most %d", maxNamedLists)
	}
	named, errs := []*db.AlertRecipients{}, make([]error, len(list))
	for i, input := range list {
		if input == nil { // which was refused before: the others are checked with it
			continue
		}
		one, err := namedRecipients(limitType, input, alerts, percents)
		if err == nil && slices.ContainsFunc(named, one.IsAbout) {
			err = fault.BadInput("", "is about an alert of which another element is, too")
		}
		named, errs[i] = append(named, one), At(err, fmt.Sprintf("%s.%d", field, i))
	}
	return named, Together(errs...)
}

func namedRecipients(limitType db.LimitType, input *model.AlertRecipientsInput, alerts []int64, percents []int16) (*db.AlertRecipients, error) {
	one := &db.AlertRecipients{Kind: ValueOr(input.Kind, db.AlertKindTHRESHOLD), Emails: append([]string{}, input.Emails...),
		SubjectRecipients: ValueOr(input.IncludeSubjectRecipients, false)}
	emailsErr := emails("emails", one.Emails, 0)
	switch {
	case len(one.Emails) > maxNamed:
		emailsErr = fault.BadInput("emails", "at most %d addresses, has %d", maxNamed, len(one.Emails))
	case len(one.Emails) == 0 && !one.SubjectRecipients:
		emailsErr = fault.BadInput("emails", "must name an address, unless includeSubjectRecipients is true: somebody has to hear of it")
	}
	for i, email := range one.Emails {
		if slices.ContainsFunc(one.Emails[:i], func(before string) bool { return strings.EqualFold(before, email) }) {
			emailsErr = Together(emailsErr, fault.BadInput(fmt.Sprintf("emails.%d", i), "is given twice"))
		}
	}
	return one, Together(aboutAlert(one, limitType, input, alerts, percents), emailsErr)
}

// aboutAlert notes of which alert somebody is to hear, which the budget must have.
func aboutAlert(one *db.AlertRecipients, limitType db.LimitType, input *model.AlertRecipientsInput, alerts []int64, percents []int16) error {
	given := input.Threshold != nil || input.ThresholdPercent != nil
	switch one.Kind {
	case db.AlertKindEXHAUSTED, db.AlertKindREFUSED:
		if given {
			return fault.BadInput("kind", "%s has no threshold", one.Kind)
		}
		return nil
	case db.AlertKindTHRESHOLD:
	default:
		return fault.BadInput("kind", "must be THRESHOLD, EXHAUSTED or REFUSED")
	}
	if (input.Threshold == nil) == (input.ThresholdPercent == nil) {
		return fault.BadInput("threshold", "exactly one of threshold and thresholdPercent must be given for THRESHOLD")
	}
	if input.ThresholdPercent != nil {
		at := slices.IndexFunc(percents, func(percent int16) bool { return int(percent) == *input.ThresholdPercent })
		if at < 0 {
			return fault.BadInput("thresholdPercent", "is none of the budget's alertThresholdPercents")
		}
		one.Percent = &percents[at]
		return nil
	}
	threshold, err := units("threshold", limitType, *input.Threshold)
	if err == nil && !slices.Contains(alerts, threshold) {
		err = fault.BadInput("threshold", "is none of the budget's alertThresholds")
	}
	one.Units = &threshold
	return err
}

// recipientsJSON returns what the database keeps; nil for nil.
func recipientsJSON(named []*db.AlertRecipients) ([]byte, error) {
	if named == nil {
		return nil, nil
	}
	return json.Marshal(named)
}
