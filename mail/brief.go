package mail

import "strings"

// Brief is what the mail about an alert says, without its layout, for whoever tells it in another way.
type Brief struct {
	Summary string      // the subject line, without its mark
	Details []string    // what happens next, in sentences
	Facts   [][2]string // labels and values
}

// Brief returns what the mail about an alert says. It fails as [Alert.Message] does.
func (a Alert) Brief() (Brief, error) {
	if err := a.validate(); err != nil {
		return Brief{}, &InvalidMessageError{"alert " + a.AlertID + ": " + err.Error()}
	}
	view := newAlertView(a)
	brief := Brief{Summary: strings.TrimPrefix(view.Subject, subjectMark), Details: view.Next}
	for _, row := range view.Facts {
		brief.Facts = append(brief.Facts, [2]string{row.Label, row.Value})
	}
	return brief, nil
}
