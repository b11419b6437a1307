package litellm

import (
	"maps"
	"slices"

	"bursar/db"
	"bursar/importer"
)

// budgetOf returns the budget that an object names: a row of its own, or one that stands in it. It has nothing when there is none.
func (p *planner) budgetOf(r *importer.Record, fields map[string]any) map[string]any {
	if within, isObject := fields["litellm_budget_table"].(map[string]any); isObject && len(within) > 0 {
		return within
	}
	id := r.ID("budget_id")
	if id == "" {
		return nil
	}
	if p.budgets[id] == nil {
		r.Add(importer.Lost, "budget_id", "the export does not have this budget: its limits are left out (/budget/list, or LiteLLM_BudgetTable)")
	}
	return p.budgets[id]
}

// limits returns the limits of an organization, a team or an API key: its own, and where it has none those of the budget that it names. over
// tells that the period of its budget has ended, so that what it has spent counts no more.
func (p *planner) limits(r *importer.Record, fields map[string]any) (limits *importer.Limits, over bool) {
	limits = &importer.Limits{Of: r}
	budget := p.record(p.budgetOf(r, fields), r.Name)
	from := func(field string) *importer.Record {
		if r.Has(field) {
			return r
		}
		return budget
	}
	over = p.budget(limits, from("max_budget"), from("soft_budget"))
	for _, window := range r.List("budget_limits") {
		if part := r.Part("budget_limits", window); part != nil {
			part.Fields = maps.Clone(part.Fields)
			part.Fields["budget_reset_at"] = part.Fields["reset_at"]
			p.budget(limits, part, &importer.Record{Report: r.Report})
		}
	}
	limits.Rate(from("rpm_limit"), "rpm_limit", db.LimitTypeREQUESTS, db.LimitPeriodMINUTE)
	limits.Rate(from("tpm_limit"), "tpm_limit", db.LimitTypeTOKENS, db.LimitPeriodMINUTE)
	limits.Rate(from("tpd_limit"), "tpd_limit", db.LimitTypeTOKENS, db.LimitPeriodDAY)
	limits.Rate(from("max_parallel_requests"), "max_parallel_requests", db.LimitTypePARALLELREQUESTS, db.LimitPeriodNONE)
	return limits, over
}

// budget adds the budget of dollars that a record has, with the threshold of another one.
func (p *planner) budget(limits *importer.Limits, r, soft *importer.Record) (over bool) {
	units, ok := limits.Cost(r, "max_budget")
	if !ok {
		if soft.Has("soft_budget") && !r.Has("max_budget") {
			soft.Add(importer.Lost, "soft_budget", "a threshold without a budget has nothing to stand on: it is left out")
		}
		return false
	}
	limit := importer.Limit{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, MaxUnits: units}
	ok, over = p.Calendar.Duration(r, "budget_duration", r.Time("budget_reset_at", p.Zoneless), &limit)
	if !ok {
		limits.Lost = true
		return false
	}
	limits.Alert(soft, "soft_budget", &limit)
	limits.Add(r, "max_budget", limit)
	if over {
		r.Report.Add(importer.Noted, limits.Of.Name, "budget_reset_at", "its period has ended, and LiteLLM has not begun the next one yet: what it has spent is left out", r.Show("budget_reset_at"))
	}
	return over
}

// opening returns what an object has spent in the present period; nil for nothing.
func (p *planner) opening(r *importer.Record, over bool) *importer.Amounts {
	if over {
		return nil
	}
	if nanos, ok := r.Nanos("spend"); ok && nanos > 0 {
		return &importer.Amounts{CostNanos: nanos}
	}
	return nil
}

// modelLimits notes the limits that an object has for models: model_max_budget, and model_rpm_limit and model_tpm_limit of its own or of its
// metadata.
func (p *planner) modelLimits(r *importer.Record, fields map[string]any, organization, workspace, key string) {
	if fields == nil {
		return
	}
	r = p.record(fields, r.Name)
	budgets := r.Object("model_max_budget")
	for _, model := range slices.Sorted(maps.Keys(budgets)) {
		limit := importer.Limit{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodNONE}
		limits := &importer.Limits{Of: r}
		part := map[string]any{"model_max_budget": budgets[model]} // {"gpt-4": 10} of old
		if object, isObject := budgets[model].(map[string]any); isObject {
			part = map[string]any{"model_max_budget": either(object, "max_budget", "budget_limit"), "budget_duration": either(object, "budget_duration", "time_period")}
			p.modelRates(r, model, object, organization, workspace, key)
		}
		record := p.record(part, r.Name+", model "+printable(model))
		units, ok := limits.Cost(record, "model_max_budget")
		if ok {
			ok, _ = p.Calendar.Duration(record, "budget_duration", nil, &limit)
		}
		if limits.Refuses {
			record.Add(importer.Lost, "model_max_budget", "a policy cannot refuse everything: it is left out")
		}
		if limit.MaxUnits = units; ok {
			p.modelLimit(model, limit, organization, workspace, key)
		}
	}
	metadata := r.Object("metadata")
	for _, rate := range []struct {
		field string
		of    db.LimitType
	}{{"model_rpm_limit", db.LimitTypeREQUESTS}, {"model_tpm_limit", db.LimitTypeTOKENS}} {
		rates := r.Object(rate.field)
		if len(rates) == 0 {
			rates = p.record(metadata, r.Name).Object(rate.field)
		}
		for _, model := range slices.Sorted(maps.Keys(rates)) {
			p.modelRate(r, model, rate.field, map[string]any{rate.field: rates[model]}, rate.of, organization, workspace, key)
		}
	}
}

// modelRates notes the rates that stand beside the budget of a model.
func (p *planner) modelRates(r *importer.Record, model string, object map[string]any, organization, workspace, key string) {
	p.modelRate(r, model, "rpm_limit", object, db.LimitTypeREQUESTS, organization, workspace, key)
	p.modelRate(r, model, "tpm_limit", object, db.LimitTypeTOKENS, organization, workspace, key)
}

func (p *planner) modelRate(r *importer.Record, model, field string, object map[string]any, of db.LimitType, organization, workspace, key string) {
	record := p.record(object, r.Name+", model "+printable(model))
	limits := &importer.Limits{Of: record}
	limits.Rate(record, field, of, db.LimitPeriodMINUTE)
	if limits.Refuses {
		record.Add(importer.Lost, field, "a policy cannot refuse everything: it is left out")
	}
	for _, limit := range limits.List {
		p.modelLimit(model, limit, organization, workspace, key)
	}
}

// either returns the first of two fields that has something.
func either(object map[string]any, first, second string) any {
	if object[first] != nil {
		return object[first]
	}
	return object[second]
}
