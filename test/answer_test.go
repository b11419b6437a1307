package test

import "bursar/fault"

// answer is a GraphQL response to one of the contract's documents, as far as these tests look.
type answer struct {
	Data struct {
		CreateOrganization struct{ Organization struct{ ID string } }
		CreateWorkspace    struct{ Workspace struct{ ID string } }
		CreateAccessToken  struct{ Secret string }
		AddMember          struct{ Member struct{ ID string } }
		CreateAPIKey       struct {
			Secret string
			APIKey struct {
				ID           string
				BudgetLimits []struct{ ID string }
			}
		} `json:"createApiKey"`
		CreateBudgetLimit struct{ BudgetLimit struct{ ID string } }
		RotateAPIKey      struct{ Secret string } `json:"rotateApiKey"`
		CheckUsage        decision
		ReserveUsage      struct {
			Replayed    bool
			Reservation *reservation
			Decision    decision
		}
		RecordUsage struct {
			Replayed   bool
			UsageEvent struct {
				ID     string
				Tokens int64
				Cost   string
			}
		}
		ReleaseReservation, ExtendReservation struct{ Reservation reservation }
		RepriceUsage                          struct{ Repricing struct{ ID string } }
		Node                                  repricing
	}
	Errors []struct {
		Message    string
		Extensions struct{ Code fault.Code }
	}
}

type reservation struct {
	ID, Status, Cost string
	Tokens           int64
}

type repricing struct {
	State, Difference string
	Percent           int
	Corrections       int64
}

type decision struct {
	Allowed    bool
	HTTPStatus int `json:"httpStatus"`
	Denials    []struct {
		Reason  string
		LimitID string `json:"limitId"`
	}
}

// reason returns why a request was denied, "" when it was not.
func (d *decision) reason() string {
	if d.Allowed || len(d.Denials) == 0 {
		return ""
	}
	return d.Denials[0].Reason
}

// code returns the code of an answer's error, "" when it has none.
func (a *answer) code() fault.Code {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}
