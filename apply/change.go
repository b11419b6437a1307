package apply

import (
	"context"
	"time"

	"bursar/apply/document"
)

// Action is what is done to a thing.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "change"
	Delete Action = "delete"
)

// Kind is what a thing is.
type Kind string

// The kinds.
const (
	KindOrganization Kind = "organization"
	KindWorkspace    Kind = "workspace"
	KindMember       Kind = "member"
	KindAPIKey       Kind = "API key"
	KindPolicy       Kind = "policy"
	KindPrice        Kind = "price"
)

// Change is what has to be done to one thing.
type Change struct {
	Action Action   `json:"action"`
	Kind   Kind     `json:"kind"`
	Name   string   `json:"name"`         // of a workspace's key or policy with the workspace's slug and a slash before it
	ID     string   `json:"id,omitempty"` // empty: it does not exist yet
	Fields []Field  `json:"fields,omitempty"`
	Notes  []string `json:"notes,omitempty"`
	// Version is that of the thing that the change is based on; 0 for what has none.
	Version    int         `json:"version,omitempty"`
	LastChange *LastChange `json:"lastChange,omitempty"`

	at    document.Place
	stage stage
	run   func(context.Context, *runner) error
	// used says that it is an API key that was used.
	used bool
	// secret says that a secret is made.
	secret bool
}

// LastChange is who changed a thing last.
type LastChange struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Action string    `json:"action"` // the mutation's name
}

// stage is when a change is made: all of a stage before the next one.
type stage int

const (
	stageOrganization stage = iota
	stageWorkspaces
	stageMembers
	stageKeys
	stagePolicies
	stagePrices
	stageRevoke
	stageDelete
	stages
)
