package listener

import (
	"errors"
	"io"

	"bursar/adapter/envoy/mapping"
)

// Commands are those about the mapping of Envoy's descriptors.
type Commands struct {
	Explain  Explain  `cmd:"" help:"Say what descriptors mean by a file, and what would be asked; nothing is."`
	Defaults Defaults `cmd:"" help:"Print the file that is used without one."`
}

// Explain is bursar envoy explain.
type Explain struct {
	File        string   `arg:"" help:"The mapping, YAML; - for the one that is used without a file."`
	Descriptors []string `arg:"" name:"descriptor" help:"Descriptors of one call, as key=value,key=value."`
	Domain      string   `default:"agentgateway" placeholder:"NAME" help:"Domain of the call."`
	Hits        *uint64  `placeholder:"N" help:"Hits of each descriptor; unset, they have none."`
	Negative    bool     `help:"The hits are given back (is_negative_hits)."`
}

// Run explains, and fails when a call with these descriptors would be refused.
func (c *Explain) Run(stdout io.Writer) error {
	flags := Flags{EnvoyConfig: c.File}
	if c.File == "-" {
		flags.EnvoyConfig = ""
	}
	m, err := flags.Mapping()
	if err != nil {
		return err
	}
	descriptors := make([]mapping.Descriptor, len(c.Descriptors))
	for i, text := range c.Descriptors {
		if descriptors[i], err = mapping.ParseDescriptor(text); err != nil {
			return err
		}
		descriptors[i].Hits, descriptors[i].Negative = c.Hits, c.Negative
	}
	ok, err := m.Explain(stdout, c.Domain, descriptors)
	if err == nil && !ok {
		return errors.New("a call with these descriptors is refused")
	}
	return err
}

// Defaults is bursar envoy defaults.
type Defaults struct{}

// Run prints the file.
func (Defaults) Run(stdout io.Writer) error {
	_, err := io.WriteString(stdout, mapping.DefaultText())
	return err
}
