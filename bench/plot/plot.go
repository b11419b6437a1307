// Package plot draws row i of a run.
package plot

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"text/template"

	"bursar/bench"
)

// plotTemplate is the picture without curves and grid lines. It is a template and not a plotting library's output, so that it
// follows the reader's colour scheme as the pictures of docs/images do.
//
//go:embed plot.svg.tmpl
var plotTemplate string

var errNothingToPlot = errors.New("row i was not measured over several numbers of connections: there is nothing to plot")

// The panels' position and size, in the picture's units.
const (
	plotTop, plotHeight = 104.0, 216.0
	plotWidth           = 330.0
)

type plotPanel struct {
	Left, Top, Right, Bottom float64
	Title                    string
	Columns, Lines           []plotTick
	Curves                   []plotCurve
}

type plotTick struct {
	At    float64
	Label string
}

type plotCurve struct {
	Class  string // a, b or c: the template has a colour and a marker for each
	Path   string
	Points [][2]float64
}

// Draw draws row i as SVG: rates and 99th percentiles over the number of connections.
func Draw(w io.Writer, r *bench.Report) error {
	var rows []bench.Row
	fewest, most := math.Inf(1), 0.0
	for _, row := range r.Rows {
		if row.Operation != "" && row.PerSecond > 0 {
			rows = append(rows, row)
			fewest, most = min(fewest, float64(row.Connections)), max(most, float64(row.Connections))
		}
	}
	if fewest >= most {
		return errNothingToPlot
	}
	rates := newScale(rows, func(row bench.Row) float64 { return row.PerSecond }, linearTicks)
	latencies := newScale(rows, func(row bench.Row) float64 { return max(row.P99Milliseconds, 0.01) }, logTicks)
	horizontal := func(connections int) float64 { return math.Log(float64(connections)/fewest) / math.Log(most/fewest) }
	drawing, err := template.New("plot").Parse(plotTemplate)
	if err != nil {
		return err
	}
	var buffer bytes.Buffer
	if err := drawing.Execute(&buffer, map[string]any{
		"CPUs": r.CPUs, "Keys": thousands(float64(r.Keys)),
		"Panels": []plotPanel{
			rates.panel(72, "Requests per second", rows, horizontal),
			latencies.panel(516, "p99 latency, ms (logarithmic)", rows, horizontal),
		},
	}); err != nil {
		return err
	}
	_, err = w.Write(buffer.Bytes())
	return err
}

// scale maps values to the height of a panel: 0 is its bottom, 1 its top.
type scale struct {
	value  func(bench.Row) float64
	height func(float64) float64
	ticks  []float64
}

// newScale returns the scale of a value of rows. Its ticks enclose all values.
func newScale(rows []bench.Row, value func(bench.Row) float64, ticks func(least, most float64) ([]float64, func(float64) float64)) scale {
	least, most := math.Inf(1), 0.0
	for _, row := range rows {
		least, most = min(least, value(row)), max(most, value(row))
	}
	at, height := ticks(least, most)
	return scale{value, height, at}
}

// linearTicks returns three to six round numbers from zero.
func linearTicks(_, most float64) (ticks []float64, height func(float64) float64) {
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for _, part := range []float64{0.2, 0.5, 1, 2} {
		if most/(step*part) <= 5 {
			step *= part
			break
		}
	}
	top := math.Ceil(most/step) * step
	for tick := 0.0; tick <= top; tick += step {
		ticks = append(ticks, tick)
	}
	return ticks, func(value float64) float64 { return value / top }
}

// logTicks returns powers of ten.
func logTicks(least, most float64) (ticks []float64, height func(float64) float64) {
	bottom, top := math.Floor(math.Log10(least)), math.Ceil(math.Log10(most))
	top = max(top, bottom+1)
	for exponent := bottom; exponent <= top; exponent++ {
		ticks = append(ticks, math.Pow(10, exponent))
	}
	return ticks, func(value float64) float64 { return (math.Log10(value) - bottom) / (top - bottom) }
}

// panel returns the panel of a scale, whose left edge is at a horizontal position.
func (s scale) panel(left float64, title string, rows []bench.Row, horizontal func(int) float64) plotPanel {
	p := plotPanel{Left: left, Top: plotTop, Right: left + plotWidth, Bottom: plotTop + plotHeight, Title: title}
	for _, tick := range s.ticks {
		p.Lines = append(p.Lines, plotTick{p.Bottom - plotHeight*s.height(tick), thousands(tick)})
	}
	for _, operation := range []string{"a", "c", "b"} { // the hot key on top
		curve := plotCurve{Class: operation}
		for _, row := range rows {
			if row.Operation != operation {
				continue
			}
			x, y := left+plotWidth*horizontal(row.Connections), p.Bottom-plotHeight*s.height(s.value(row))
			if operation == "a" {
				p.Columns = append(p.Columns, plotTick{x, thousands(float64(row.Connections))})
			}
			curve.Points = append(curve.Points, [2]float64{x, y})
			curve.Path += fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: " L"}[curve.Path == ""], x, y)
		}
		p.Curves = append(p.Curves, curve)
	}
	return p
}

// thousands writes a number as people read it: 0.1, 10, 25,000.
func thousands(number float64) string {
	if number < 1000 {
		return strconv.FormatFloat(number, 'g', -1, 64)
	}
	whole := int(math.Round(number))
	if whole >= 1_000_000 {
		return fmt.Sprintf("%d,%03d,%03d", whole/1_000_000, whole/1000%1000, whole%1000)
	}
	return fmt.Sprintf("%d,%03d", whole/1000, whole%1000)
}
