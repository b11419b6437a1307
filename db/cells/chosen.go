package cells

import "context"

// Header is the name of the header in which the operator names the cell that is asked; see [Choose].
const Header = "Bursar-Cell"

// Chosen returns the name of the cell that [Choose] has named; false: none.
func Chosen(ctx context.Context) (name string, chosen bool) {
	name, chosen = ctx.Value(chosenKey{}).(string)
	return name, chosen
}
