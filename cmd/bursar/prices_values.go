package main

import (
	"fmt"
	"slices"

	"bursar/catalogue"
)

// priceFormat is the format of a list of prices; "" when it was not given.
type priceFormat catalogue.Format

func (f *priceFormat) UnmarshalText(text []byte) error {
	if !slices.Contains(catalogue.Formats(), catalogue.Format(text)) {
		return fmt.Errorf("want one of %s, got %q", catalogue.Formats(), text)
	}
	*f = priceFormat(text)
	return nil
}

// exportFormat is a format in which prices are written.
type exportFormat catalogue.Format

func (f *exportFormat) UnmarshalText(text []byte) error {
	if format := catalogue.Format(text); format != catalogue.CSV && format != catalogue.JSON {
		return fmt.Errorf("want csv or json, got %q", text)
	}
	*f = exportFormat(text)
	return nil
}
