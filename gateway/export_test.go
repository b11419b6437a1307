package gateway

// Gathered returns how many calls wait to share a request.
func (c *Client) Gathered() (number int) {
	for _, endpoint := range c.endpoints {
		reserves, records := c.reserves[endpoint], c.records[endpoint]
		reserves.mu.Lock()
		number += len(reserves.waiting)
		reserves.mu.Unlock()
		records.mu.Lock()
		number += len(records.waiting)
		records.mu.Unlock()
	}
	return number
}
