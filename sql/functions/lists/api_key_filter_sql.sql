-- api_key_filter_sql returns the condition on api_keys k that it is in one of some statuses and has a text, for statements that list_api_keys
-- and count_api_keys make: its parameters are $5 the text, as fold_case makes it, and $6 the instant. p_full is the condition that a budget
-- of the key is full. Empty when neither is asked for (null; an empty text is in every key).
create or replace function api_key_filter_sql(p_statuses api_key_status[], p_search text, p_full text) returns text
language sql immutable
as $$
  select concat_ws(' and ',
    case when p_statuses is not null then (
      select '(' || coalesce(string_agg(case s.status
        when 'REVOKED' then 'k.revoked_at is not null'
        when 'EXPIRED' then 'k.revoked_at is null and k.expires_at <= $6'
        when 'DISABLED' then live || ' and not k.enabled'
        when 'EXHAUSTED' then live || ' and k.enabled and ' || p_full
        when 'ACTIVE' then live || ' and k.enabled and not ' || p_full end, ' or '), 'false') || ')'
      from unnest(p_statuses) s (status), (values ('k.revoked_at is null and (k.expires_at is null or k.expires_at > $6)')) l (live)) end,
    case when p_search <> '' then
      -- as strpos(fold_case(%1$s), $5) > 0, but that takes twice as long: what $5 has, fold_case leaves as it is, and of ASCII it is lower
      format('(strpos(lower((%1$s) collate "C"), $5) > 0 or (octet_length(k.name) > char_length(k.name)
          or octet_length(k.description) > char_length(k.description) or octet_length(k.prefix) > char_length(k.prefix))
          and strpos(fold_case(%1$s), $5) > 0)',
        'k.name || e''\x01'' || coalesce(k.description, '''') || e''\x01'' || k.prefix') end)
$$;
