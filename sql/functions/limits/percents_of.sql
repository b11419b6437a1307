-- percents_of returns the thresholds in percent that options of a limit name (alert_percents), ascending, each once; p_present where they name none.
create or replace function percents_of(p_options jsonb, p_present smallint[]) returns smallint[]
language sql immutable parallel safe
as $$
  select case
    when p_options ? 'alert_percents' then array(select distinct a.percent::smallint from jsonb_array_elements_text(p_options -> 'alert_percents') a (percent) order by 1)
    else p_present
  end
$$;
