package webhook

import "testing"

// Only networks are read as networks; their host bits do not matter, and none is none.
func TestNetworksAreRead(t *testing.T) {
	t.Parallel()
	networks, err := ParseNetworks(" 10.1.2.3/8 ,fd00::/8,")
	if err != nil || len(networks) != 2 || networks[0].String() != "10.0.0.0/8" {
		t.Errorf("%v %v", networks, err)
	}
	if networks, err := ParseNetworks(""); err != nil || len(networks) != 0 {
		t.Errorf("%v %v", networks, err)
	}
	for _, wrong := range []string{"10.0.0.0", "example.com", "10.0.0.0/33", "*"} {
		if _, err := ParseNetworks(wrong); err == nil {
			t.Errorf("%q was read", wrong)
		}
	}
}
