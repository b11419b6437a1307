package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"bursar/cmd/bursar/value"
	"bursar/demo"
	"bursar/replay"
)

type replayCommand struct {
	File        string          `arg:"" name:"file" type:"existingfile" help:"Recorded traffic: CSV with the columns TIMESTAMP, ContextTokens and GeneratedTokens."`
	URL         value.ServerURL `name:"url" default:"http://127.0.0.1:8080" placeholder:"URL" help:"The server."`
	Token       string          `variable:"BURSAR_TOKEN" placeholder:"TOKEN" help:"Access token of role ADMIN, or the root token; unset, that of bursar dev's demo organization."`
	DataDir     string          `default:".bursar" placeholder:"FOLDER" help:"Folder of the bursar dev whose token is used."`
	Speed       float64         `default:"0" placeholder:"N" help:"N times real time; 0 plays as fast as possible."`
	Users       int             `default:"0" placeholder:"N" help:"Makes each call in the name of one of N users: metadata.user, and the model, are in what is reserved, for policies."`
	Connections int             `default:"64" placeholder:"N" help:"Requests in flight at most."`

	demo demo.Demo // whose token is used
}

// Help is the long text of --help.
func (replayCommand) Help() string {
	return `Plays each recorded request as a gateway would: reserves an upper bound for one of the organization's keys and, if it is
admitted, records what was used. Prints what was admitted, denied, spent and mailed, and how long it took.`
}

// AfterApply finds the token and checks the flags.
func (c *replayCommand) AfterApply() error {
	if c.Token == "" {
		found, err := demo.Load(c.DataDir)
		if errors.Is(err, fs.ErrNotExist) {
			return &misuse{fmt.Sprintf("--token (or BURSAR_TOKEN) is not set and bursar dev has left none in %s (--data-dir)", c.DataDir)}
		}
		if err != nil {
			return err
		}
		c.demo, c.Token = *found, found.AdminToken
	}
	return c.config().Validate()
}

func (c *replayCommand) config() replay.Config {
	return replay.Config{
		File: c.File, URL: string(c.URL), Token: c.Token, GatewayToken: c.demo.GatewayToken, Secrets: c.demo.KeySecrets, Speed: c.Speed, Users: c.Users,
		Connections: c.Connections,
	}
}

// Run replays the file. When ctx ends, it prints what was replayed until then.
func (c *replayCommand) Run(ctx context.Context, p *program) error {
	config := c.config()
	config.Progress = p.stderr
	report, err := replay.Run(ctx, config)
	if report != nil {
		err = errors.Join(err, report.Print(p.stdout))
	}
	return asked(ctx, err)
}
