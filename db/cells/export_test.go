package cells

// Asked returns how many questions to a cell are under way.
func (s *Set) Asked(name string) int { return len(s.lines[s.named[name]].slots) }
