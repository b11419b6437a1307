package graph_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/graph/graphtest"
)

// 200 callers over two servers against a budget of 1,000 with estimates of 7 are admitted exactly 142 times; limits of the
// key, its workspace and its organization hold at once, and none is charged for a denial.
func TestTwoServersNeverOverspend(t *testing.T) {
	t.Parallel()
	url := kit.NewURL(t)
	a := kit.Serve(t, kit.Pool(t, url))
	second := *a
	second.URL = kit.Start(t, kit.Pool(t, url))
	for subject, amount := range map[string]int{a.KeyID(): 1000, a.WorkspaceID(): 1500, a.OrganizationID(): 2000} {
		a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": subject, "type": "TOKENS", "amount": amount}})
	}
	var admitted, denied atomic.Int64
	var callers sync.WaitGroup
	for i := range 200 {
		server := []*graphtest.API{a, &second}[i%2]
		callers.Go(func() {
			for n := range 2 {
				result := server.Do(a.Gateway, "ReserveUsage", object{"input": object{
					"key": a.Tenant.Secret.Text, "requestId": fmt.Sprint(i, "-", n), "estimate": object{"tokens": 7}}})
				switch {
				case len(result.Errors) > 0:
					t.Errorf("%+v", result.Errors)
				case result.Get("reserveUsage", "decision", "allowed") == true:
					admitted.Add(1)
				default:
					denied.Add(1)
				}
			}
		})
	}
	callers.Wait()
	if admitted.Load() != 142 || denied.Load() != 258 {
		t.Fatalf("%d admitted, %d denied; want 142 and 258", admitted.Load(), denied.Load())
	}
	for i, limit := range a.Run(a.Viewer, "CheckUsage", object{"input": object{"key": a.KeyID()}}).Get("checkUsage", "limits").([]any) {
		if reserved := limit.(object)["reserved"]; reserved != "994" {
			t.Errorf("limit %d holds %v, want 994", i, reserved)
		}
	}
}
