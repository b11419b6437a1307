package bench

// closeGroup sets the ratios of the rows between the last two measurements of row a: to the mean of the two.
func (r *Report) closeGroup() {
	last := len(r.Rows) - 1
	if last < 0 || r.Rows[last].Letter != ceilingRow {
		return // the measurement failed
	}
	for first := last - 1; first >= 0; first-- {
		if r.Rows[first].Letter == ceilingRow {
			r.setRatios(first+1, last, (r.Rows[first].PerSecond+r.Rows[last].PerSecond)/2)
			r.Rows[last].Ratio = share(r.Rows[last].PerSecond, r.Rows[0].PerSecond)
			return
		}
	}
	r.Rows[last].Ratio = share(r.Rows[last].PerSecond, r.Rows[last].PerSecond)
}

// setRatios sets the ratios of some rows. In row i they are to its measurement of row a over as many connections.
func (r *Report) setRatios(from, to int, ceiling float64) {
	for i := from; i < to; i++ {
		row := &r.Rows[i]
		if own := r.find(connectionsName(ceilingRow, row.Connections)); row.Letter == "i" && own != nil {
			row.Ratio = share(row.PerSecond, own.PerSecond)
		} else {
			row.Ratio = share(row.PerSecond, ceiling)
		}
	}
}

// finish computes the drift, the bars, and the ratios of a group that failed before row a was measured again: those are to
// the measurement of row a before the group.
func (r *Report) finish() {
	var ceilings []float64
	last := -1
	for i, row := range r.Rows {
		if row.Letter == ceilingRow {
			last = i
			ceilings = append(ceilings, row.PerSecond)
		}
	}
	if last >= 0 {
		r.setRatios(last+1, len(r.Rows), r.Rows[last].PerSecond)
		r.CeilingDrift = Drift(ceilings...)
	}
	r.Bars = r.bars()
}

// share returns a / b; 0 when b is 0.
func share(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
