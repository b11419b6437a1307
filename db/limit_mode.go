package db

// LimitMode says whether a limit refuses requests, or only says what it would refuse.
type LimitMode string

// The modes of limits.
const (
	LimitModeENFORCE LimitMode = "ENFORCE"
	LimitModeSHADOW  LimitMode = "SHADOW"
)

// AllLimitModeValues returns the modes of limits.
func AllLimitModeValues() []LimitMode { return []LimitMode{LimitModeENFORCE, LimitModeSHADOW} }

// UnenforcedMode says why a counter refuses nothing.
type UnenforcedMode string

// Why a counter refuses nothing: its limit is in SHADOW, or is not enabled.
const (
	UnenforcedModeSHADOW   UnenforcedMode = "SHADOW"
	UnenforcedModeDISABLED UnenforcedMode = "DISABLED"
)

// RaiseRequestStatus says what has become of a request for a raise.
type RaiseRequestStatus string

// What may become of a request for a raise.
const (
	RaiseRequestStatusOPEN     RaiseRequestStatus = "OPEN"
	RaiseRequestStatusGRANTED  RaiseRequestStatus = "GRANTED"
	RaiseRequestStatusDECLINED RaiseRequestStatus = "DECLINED"
)
