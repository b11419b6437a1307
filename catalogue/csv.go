package catalogue

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"bursar/usage"
)

// columns returns the head of Bursar's CSV. It has a line for each rate; the lines of one price stand together.
func columns() []string {
	return []string{"provider", "model", "effective_from", "effective_to", "service_tier", "above_input_tokens", "unit", "per_million", "max_output_tokens",
		"source", "checked_at"}
}

// WriteCSV writes prices as Bursar's CSV.
func WriteCSV(to io.Writer, prices []Price) error {
	lines := csv.NewWriter(to)
	if err := lines.Write(columns()); err != nil {
		return err
	}
	for i := range prices {
		p := &prices[i]
		for _, rate := range p.Rates {
			if err := lines.Write([]string{p.Provider, p.Key().Pattern(), instant(p.EffectiveFrom), instant(p.EffectiveTo), string(rate.ServiceTier),
				strconv.FormatInt(rate.AboveInputTokens, 10), string(rate.Unit), rate.PerMillion(), count(p.MaxOutputTokens), p.Source,
				date(p.CheckedAt)}); err != nil {
				return err
			}
		}
	}
	lines.Flush()
	return lines.Error()
}

// readCSV reads Bursar's CSV. All of it is wrong when a line is: it is written by Bursar or by hand.
func readCSV(list []byte, origin Origin, into *Catalogue) error {
	lines := csv.NewReader(bytes.NewReader(list))
	head, err := lines.Read()
	if err != nil {
		return err
	}
	if !slices.Equal(head, columns()) {
		return fmt.Errorf("line 1: want %q", columns())
	}
	if !bytes.HasSuffix(list, []byte("\n")) {
		return fmt.Errorf("it ends within a line: it was cut off")
	}
	var last Price
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		line, _ := lines.FieldPos(0)
		of, rate, err := readLine(cells, origin)
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if !sameButRates(&last, &of) {
			if last.Provider != "" {
				into.add(last)
			}
			last = of
		}
		last.Rates = append(last.Rates, rate)
	}
	if last.Provider != "" {
		into.add(last)
	}
	for _, refused := range into.Refused {
		return fmt.Errorf("%s", refused)
	}
	return nil
}

// sameButRates says whether two lines are of one price.
func sameButRates(a, b *Price) bool {
	return a.Key() == b.Key() && a.EffectiveFrom.Equal(b.EffectiveFrom) && a.EffectiveTo.Equal(b.EffectiveTo) && a.Source == b.Source &&
		a.MaxOutputTokens == b.MaxOutputTokens && a.CheckedAt.Equal(b.CheckedAt)
}

// readLine reads the cells of a line.
func readLine(cells []string, origin Origin) (p Price, rate Rate, err error) {
	p.Provider = cells[0]
	p.setPattern(cells[1])
	rate = Rate{ServiceTier: usage.ServiceTier(cells[4]), Unit: Unit(cells[6])}
	if rate.ServiceTier == "" {
		rate.ServiceTier = usage.Standard
	}
	for _, cell := range []struct {
		text string
		into *time.Time
	}{{cells[2], &p.EffectiveFrom}, {cells[3], &p.EffectiveTo}, {cells[10], &p.CheckedAt}} {
		if *cell.into, err = parseInstant(cell.text); err != nil {
			return p, rate, err
		}
	}
	if rate.AboveInputTokens, err = parseCount(cells[5]); err != nil {
		return p, rate, err
	}
	if p.MaxOutputTokens, err = parseCount(cells[8]); err != nil {
		return p, rate, err
	}
	if rate.Picos, err = perMillion(cells[7]); err != nil {
		return p, rate, err
	}
	if p.Source = cells[9]; p.Source == "" {
		p.Source = origin.Source
	}
	if p.CheckedAt.IsZero() {
		p.CheckedAt = origin.CheckedAt
	}
	return p, rate, nil
}

// perMillion reads a rate, which is a whole number of pico-dollars.
func perMillion(text string) (int64, error) {
	n, rounded, err := picos(text, 1_000_000)
	if err != nil {
		return 0, err
	}
	if rounded {
		return 0, damaged("%s for a million has more than 6 decimals", text)
	}
	return n, nil
}

// instant writes an instant, a day as one, and nothing for none.
func instant(at time.Time) string {
	switch at = at.UTC(); {
	case at.IsZero():
		return ""
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.Format(day)
	}
	return at.Format(time.RFC3339Nano)
}

// date writes a day, and nothing for none.
func date(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(day)
}

// parseInstant reads what instant writes.
func parseInstant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(day, text); err == nil {
		return at, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, damaged("%q is no time such as 2026-03-01 or 2026-03-01T12:00:00Z", text)
	}
	return at.UTC(), nil
}

// count writes a number, and nothing for none.
func count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// parseCount reads what count writes.
func parseCount(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, damaged("%q is no number of tokens", text)
	}
	return n, nil
}
