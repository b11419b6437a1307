package catalogue_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"os"
	"slices"
	"testing"
	"time"

	"bursar/catalogue"
	"bursar/usage"
)

// answered is a line of the usage objects of pydantic/genai-prices: a provider's answer, and what each of the source's extractors that can
// read it made of it, at the price that the source has for the model there.
type answered struct {
	Body      json.RawMessage
	Model     string
	Extracted []struct{ Extractors []extraction }
}

type extraction struct {
	Provider    string `json:"provider_id"`
	API         string `json:"api_flavor"`
	InputPrice  string `json:"input_price"`
	OutputPrice string `json:"output_price"`
	TotalPrice  string `json:"total_price"` // only where it is more than both
}

// nanos is the source's cost in nano-dollars, rounded up.
func (e *extraction) nanos(t *testing.T) *big.Int {
	t.Helper()
	sum := new(big.Rat)
	for _, text := range []string{e.InputPrice, e.OutputPrice} {
		part, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q is no price", text)
		}
		sum.Add(sum, part)
	}
	if e.TotalPrice != "" {
		if _, ok := sum.SetString(e.TotalPrice); !ok {
			t.Fatalf("%q is no price", e.TotalPrice)
		}
	}
	sum.Mul(sum, big.NewRat(1_000_000_000, 1))
	up := new(big.Int).Add(sum.Num(), new(big.Int).Sub(sum.Denom(), big.NewInt(1)))
	return up.Quo(up, sum.Denom())
}

// datasetTally is what the lines of a dataset come to.
type datasetTally struct {
	lines, priced         int // lines, and those that the source has a price for
	equalLines, deviating int // of the priced ones: equal in every reading; known to deviate in one at least
	readings, equal       int // a reading is a line by one of the source's extractors
	deviations            map[string]int
}

// sourcesDay is a day on which the prices were in effect that the source computed with.
func sourcesDay() time.Time { return time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC) }

// tally reads every line, prices it, and fails the test for each reading that costs other than the source says without a known reason.
func tally(t *testing.T, lines io.Reader) datasetTally {
	t.Helper()
	prices, err := catalogue.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	of := datasetTally{deviations: map[string]int{}}
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var line answered
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("line %d: %v", of.lines+1, err)
		}
		of.lines++
		priced, deviates := false, false
		for _, extracted := range line.Extracted {
			for _, by := range extracted.Extractors {
				if by.InputPrice == "" {
					continue
				}
				priced = true
				of.readings++
				name := fmt.Sprintf("line %d, %s at %s read as %s", of.lines, line.Model, by.Provider, by.API)
				parts, err := usage.Read(usage.FlavorOf(by.Provider, by.API), line.Body)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				price, found := prices.Find(by.Provider, line.Model, sourcesDay())
				if found {
					if cost := price.Cost(&parts); cost.Cmp(by.nanos(t)) == 0 {
						of.equal++
						continue
					}
				}
				deviates = true
				reason := known(prices, &line, &by, &parts, price)
				if reason == "" {
					t.Errorf("%s costs other than %s nano-dollars, and no known deviation says why: %+v, price %+v", name, by.nanos(t), parts, price)
				}
				of.deviations[reason]++
			}
		}
		if priced {
			of.priced++
		}
		switch {
		case priced && deviates:
			of.deviating++
		case priced:
			of.equalLines++
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return of
}

// log prints the count.
func (of *datasetTally) log(t *testing.T) {
	t.Helper()
	t.Logf("%d lines, %d with a price: %d equal to the nano-dollar however they are read, %d with a known deviation", of.lines, of.priced, of.equalLines, of.deviating)
	t.Logf("%d readings by the source's extractors: %d equal, %d known deviations", of.readings, of.equal, of.readings-of.equal)
	for _, reason := range slices.Sorted(maps.Keys(of.deviations)) {
		t.Logf("%5d: %s", of.deviations[reason], reason)
	}
}

// Guarantee: whichever provider answered, what the answer says was used is read in Bursar's parts and costs, by the list in the binary, what
// the source of the answers computed, to the nano-dollar; each difference has a reason that is written down.
func TestDatasetCostsWhatItsSourceSays(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/provider-usages.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	of := tally(t, lines)
	of.log(t)
	got := [...]int{of.lines, of.priced, of.equalLines, of.deviating, of.readings, of.equal}
	if want := [...]int{827, 678, 665, 13, 1795, 1776}; got != want {
		t.Errorf("lines, priced, equal, deviating, readings, equal readings are %v, want %v", got, want)
	}
}

// Guarantee: the same holds for the answers of a file of that form that BURSAR_TEST_USAGES names.
func TestMoreAnswersCostWhatTheirSourceSays(t *testing.T) {
	t.Parallel()
	name := os.Getenv("BURSAR_TEST_USAGES")
	if name == "" {
		t.Skip("BURSAR_TEST_USAGES names no file of answers")
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	of := tally(t, file)
	of.log(t)
	if of.priced == 0 {
		t.Error("no line has a price: the test has compared nothing")
	}
}
