-- time_zone_release returns the newest release of the IANA time zone data, of those that can be told apart here, whose changes PostgreSQL has: it
-- does not say itself which it has. '' for data before 2024a. Releases in between and later ones change nothing that is looked at.
create or replace function time_zone_release() returns text
language plpgsql stable
as $$
begin
  return case
    when timestamptz '2026-12-01 12:00Z' at time zone 'America/Vancouver' = '2026-12-01 05:00' then '2026b'
    when timestamptz '2026-03-29 00:30Z' at time zone 'Europe/Chisinau' = '2026-03-29 02:30' then '2026a'
    when timestamptz '2025-06-01 12:00Z' at time zone 'America/Asuncion' = '2025-06-01 09:00' then '2025a'
    when timestamptz '2024-03-02 12:00Z' at time zone 'Asia/Almaty' = '2024-03-02 17:00' then '2024a'
    else '' end;
exception when invalid_parameter_value then -- a zone of these is not known
  return '';
end
$$;
