package model

import (
	"math"
	"time"

	"bursar/db"
)

// KeyStatus is a key's status now.
func (m *Model) KeyStatus(k *Key) db.ApiKeyStatus {
	switch {
	case k.Revoked:
		return db.ApiKeyStatusREVOKED
	case k.Expires != nil && !m.Now.Before(*k.Expires):
		return db.ApiKeyStatusEXPIRED
	case !k.Enabled:
		return db.ApiKeyStatusDISABLED
	}
	for _, p := range m.currentOf(k) {
		if p.Limit.Kind == db.LimitKindBUDGET && p.Limit.enforced() && p.Used().Add(m.Reserved(p)).GreaterThanOrEqual(whole(m.Amount(p))) {
			return db.ApiKeyStatusEXHAUSTED
		}
	}
	return db.ApiKeyStatusACTIVE
}

// RetryAt is when the limit opens again: nil where only a change of it helps, or nobody knows.
func (d Denial) RetryAt() *time.Time {
	if d.Reason == db.DenialReasonESTIMATEEXCEEDSLIMIT || d.Reason == db.DenialReasonHOLDSEXCEEDED || d.Reason == db.DenialReasonPRICEUNKNOWN || d.Reason == db.DenialReasonPOLICYGROUPSEXHAUSTED {
		return nil
	}
	if d.Estimate > d.Next {
		return nil
	}
	return d.Period.End
}

// StatusAndRetry returns what a gateway answers (401 if the key is refused, 409 if the reservation is closed, 412 if a budget or the lack of a price denies, else 429), and the whole
// seconds until the latest of the denying limits opens again: -1 when waiting does not help or is not needed.
func (m *Model) StatusAndRetry(denials []Denial) (status, seconds int) {
	if len(denials) == 0 {
		return 200, -1
	}
	status = 429
	for _, d := range denials {
		if d.Reason == db.DenialReasonRESERVATIONCLOSED || d.Reason == db.DenialReasonLEASESNOTALLOWED {
			return 409, -1
		}
		if d.Reason == db.DenialReasonLEASETOOSMALL {
			status = 409
			break
		}
		if d.Reason == db.DenialReasonPRICEUNKNOWN {
			status = 412
			continue
		}
		if d.Reason == db.DenialReasonPOLICYGROUPSEXHAUSTED {
			return 429, -1
		}
		if d.Period == nil {
			return 401, -1
		}
		if d.Period.Limit.Kind == db.LimitKindBUDGET && d.Reason != db.DenialReasonHOLDSEXCEEDED {
			status = 412
		}
	}
	for _, d := range denials {
		at := d.RetryAt()
		if d.Reason == db.DenialReasonRATELIMITED && d.Period.Unit == db.LimitTypePARALLELREQUESTS {
			at = new(m.Now.Add(time.Second)) // one of those that are open may end at any moment
		}
		if at == nil {
			return status, -1
		}
		seconds = max(seconds, int(math.Ceil(at.Sub(m.Now).Seconds())))
	}
	return status, seconds
}
