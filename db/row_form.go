package db

// RowForm says what an answer of enforcement has of the row that was stored.
type RowForm byte

// The forms.
const (
	WholeRow RowForm = iota
	BriefRow         // what brief_reservations and rows_of_reports tell of a new row, which need not be read for it; the whole of an older one
	IDOnly
)

// IDsOnly returns the forms of a batch as reserve_usage and record_usage take them: an array of booleans, null for BriefRow, as text. It is
// nil, which is none, for no form.
func IDsOnly(forms []RowForm) *string {
	if len(forms) == 0 {
		return nil
	}
	text := make([]byte, 0, 2*len(forms)+2)
	for i, form := range forms {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		text = append(text, separator)
		switch form {
		case WholeRow:
			text = append(text, 'f')
		case IDOnly:
			text = append(text, 't')
		case BriefRow:
			text = append(text, "null"...)
		}
	}
	return new(string(append(text, '}')))
}
