-- +goose Up

-- fold_case returns a text by which texts are compared without regard to case: each letter is replaced by the one that Unicode's simple
-- case folding makes equal to it (statuses C and S of CaseFolding.txt), the lower-case one of each group. lower() depends on the
-- database's locale: in that of C it changes ASCII letters alone.
--
-- The four arrays are the table: letters from first to last, each step, are replaced by the letter at the offset. It has the letters of
-- Unicode 14 beyond ASCII; Unicode 15 added none. A test compares it with Go's. Indexes and stored values depend on this
-- function: with another table, they are made again. It calls built-in functions alone, because a restore builds indexes without a
-- search path, and is defined here and not under functions/ because indexes need it.
-- +goose StatementBegin
create function fold_case(p_text text) returns text
language plpgsql immutable strict parallel safe
as $$
declare
  folded text := lower(p_text collate "C");
begin
  if octet_length(p_text) = char_length(p_text) then -- ASCII alone
    return folded;
  end if;
  declare
    -- what has all letters of the table, and few others
    folding constant text := '[' ||
      '\u00b5\u00c0-\u00de\u0100-\u012e\u0132-\u0136\u0139-\u0147\u014a-\u018b\u018e-\u0198\u019c-\u01a9' ||
      '\u01ac-\u01b8\u01bc\u01c4-\u01db\u01de-\u01ee\u01f1-\u0232\u023a-\u023e\u0241-\u024e\u0345' ||
      '\u0370-\u0372\u0376\u037f\u0386-\u03ab\u03c2\u03cf-\u03d1\u03d5-\u03f1\u03f4-\u03fa\u03fd-\u042f' ||
      '\u0460-\u0480\u048a-\u04cd\u04d0-\u052e\u0531-\u0556\u10a0-\u10c7\u10cd\u13a0-\u13f5\u1c80-\u1c88' ||
      '\u1c90-\u1cba\u1cbd-\u1cbf\u1e00-\u1e94\u1e9b\u1e9e-\u1efe\u1f08-\u1f0f\u1f18-\u1f1d\u1f28-\u1f2f' ||
      '\u1f38-\u1f3f\u1f48-\u1f4d\u1f59-\u1f5f\u1f68-\u1f6f\u1f88-\u1f8f\u1f98-\u1f9f\u1fa8-\u1faf' ||
      '\u1fb8-\u1fbe\u1fc8-\u1fcc\u1fd8-\u1fdb\u1fe8-\u1fec\u1ff8-\u1ffc\u2126\u212a-\u212b\u2132' ||
      '\u2160-\u216f\u2183\u24b6-\u24cf\u2c00-\u2c2f\u2c60-\u2c64\u2c67-\u2c72\u2c75\u2c7e-\u2ce2' ||
      '\u2ceb-\u2ced\u2cf2\ua640-\ua66c\ua680-\ua69a\ua722-\ua72e\ua732-\ua76e\ua779-\ua786\ua78b-\ua78d' ||
      '\ua790-\ua792\ua796-\ua7c9\ua7d0\ua7d6-\ua7d8\ua7f5\uff21-\uff3a\U00010400-\U00010427' ||
      '\U000104b0-\U000104d3\U00010570-\U00010595\U00010c80-\U00010cb2\U000118a0-\U000118bf' ||
      '\U00016e40-\U00016e5f\U0001e900-\U0001e921' || ']';
    firsts constant integer[] := '{
      181,192,216,256,306,313,330,376,377,383,385,386,390,391,393,395,398,399,400,401,403,404,406,407,408,412,413,
      415,416,422,423,425,428,430,431,433,435,439,440,444,452,453,455,456,458,459,478,497,498,502,503,504,544,546,
      570,571,573,574,577,579,580,581,582,837,880,886,895,902,904,908,910,913,931,962,975,976,977,981,982,984,1008,
      1009,1012,1013,1015,1017,1018,1021,1024,1040,1120,1162,1216,1217,1232,1329,4256,4295,4301,5024,5104,7296,7297,
      7298,7299,7301,7302,7303,7304,7312,7357,7680,7835,7838,7840,7944,7960,7976,7992,8008,8025,8040,8072,8088,8104,
      8120,8122,8124,8126,8136,8140,8152,8154,8168,8170,8172,8184,8186,8188,8486,8490,8491,8498,8544,8579,9398,
      11264,11360,11362,11363,11364,11367,11373,11374,11375,11376,11378,11381,11390,11392,11499,11506,42560,42624,
      42786,42802,42873,42877,42878,42891,42893,42896,42902,42922,42923,42924,42925,42926,42928,42929,42930,42931,
      42932,42948,42949,42950,42951,42960,42966,42997,65313,66560,66736,66928,66940,66956,66964,68736,71840,93760,
      125184}';
    lasts constant integer[] := '{
      181,214,222,302,310,327,374,376,381,383,385,388,390,391,394,395,398,399,400,401,403,404,406,407,408,412,413,
      415,420,422,423,425,428,430,431,434,437,439,440,444,452,453,455,456,458,475,494,497,500,502,503,542,544,562,
      570,571,573,574,577,579,580,581,590,837,882,886,895,902,906,908,911,929,939,962,975,976,977,981,982,1006,1008,
      1009,1012,1013,1015,1017,1018,1023,1039,1071,1152,1214,1216,1229,1326,1366,4293,4295,4301,5103,5109,7296,7297,
      7298,7300,7301,7302,7303,7304,7354,7359,7828,7835,7838,7934,7951,7965,7983,7999,8013,8031,8047,8079,8095,8111,
      8121,8123,8124,8126,8139,8140,8153,8155,8169,8171,8172,8185,8187,8188,8486,8490,8491,8498,8559,8579,9423,
      11311,11360,11362,11363,11364,11371,11373,11374,11375,11376,11378,11381,11391,11490,11501,11506,42604,42650,
      42798,42862,42875,42877,42886,42891,42893,42898,42920,42922,42923,42924,42925,42926,42928,42929,42930,42931,
      42946,42948,42949,42950,42953,42960,42968,42997,65338,66599,66771,66938,66954,66962,66965,68786,71871,93791,
      125217}';
    steps constant integer[] := '{
      1,1,1,2,2,2,2,1,2,1,1,2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,1,1,1,1,1,1,1,2,1,1,1,1,1,1,1,1,2,2,1,2,1,1,2,1,2,1,
      1,1,1,1,1,1,1,2,1,2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,1,1,1,1,1,1,1,1,1,1,2,2,1,2,2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,
      1,2,1,1,2,1,1,1,1,1,2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2,1,1,1,1,1,1,1,2,2,1,2,2,2,
      2,2,1,2,1,1,2,2,1,1,1,1,1,1,1,1,1,2,1,1,1,2,1,2,1,1,1,1,1,1,1,1,1,1,1,1}';
    offsets constant integer[] := '{
      775,32,32,1,1,1,1,-121,1,-268,210,1,206,1,205,1,79,202,203,1,205,207,211,209,1,211,213,214,1,218,1,218,1,218,
      1,217,1,219,1,1,2,1,2,1,2,1,1,2,1,-97,-56,1,-130,1,10795,1,-163,10792,1,-195,69,71,1,116,1,1,116,38,37,64,63,
      32,32,1,8,-30,-25,-15,-22,1,-54,-48,-60,-64,1,-7,1,-130,80,32,1,1,15,1,1,48,7264,7264,7264,38864,8,-6222,
      -6221,-6212,-6210,-6211,-6204,-6180,35267,-3008,-3008,1,-58,-7615,1,-8,-8,-8,-8,-8,-8,-8,-8,-8,-8,-8,-74,-9,
      -7173,-86,-9,-8,-100,-8,-112,-7,-128,-126,-9,-7517,-8383,-8262,28,16,1,26,48,1,-10743,-3814,-10727,1,-10780,
      -10749,-10783,-10782,1,1,-10815,1,1,1,1,1,1,1,1,-35332,1,1,-42280,1,1,-42308,-42319,-42315,-42305,-42308,
      -42258,-42282,-42261,928,1,-48,-42307,-35384,1,1,1,1,32,40,40,39,39,39,39,64,32,32,34}';
    letter text;
    code integer;
    entry integer;
  begin
    for letter in
      select distinct m.letters[1] collate "C" from regexp_matches(folded collate "C", folding, 'g') m (letters)
    loop
      code := ascii(letter);
      entry := width_bucket(code, firsts);
      if entry > 0 and code <= lasts[entry] and (code - firsts[entry]) % steps[entry] = 0 then
        folded := replace(folded, letter, chr(code + offsets[entry]));
      end if;
    end loop;
  end;
  return folded;
end
$$;
-- +goose StatementEnd

-- Members of one organization whose addresses differ in case alone are one person: the one with the most rights stays, or the oldest, and
-- gets the others' keys and tokens. The organizations are locked before the table, as by a change of a member.
-- +goose StatementBegin
do $$
declare
  twin record;
  tokens uuid[];
begin
  perform set_config('bursar.action', 'merge members', true);
  perform set_config('bursar.reason', 'their addresses differ in case alone', true);
  perform 1 from organizations o
  where o.id in (select m.organization_id from members m group by m.organization_id, fold_case(m.email) having count(*) > 1)
  order by o.id for no key update;
  lock table members in share row exclusive mode;
  for twin in
    select * from (
      select m.organization_id, m.id, first_value(m.id) over (
        partition by m.organization_id, fold_case(m.email) order by m.role, m.created_at, m.id) as kept_id
      from members m) m
    where m.id <> m.kept_id
  loop
    -- a trigger revokes a token that is taken from its member
    tokens := array(
      select t.id from access_tokens t
      where t.organization_id = twin.organization_id and t.member_id = twin.id and t.revoked_at is null);
    update access_tokens t set member_id = twin.kept_id where t.organization_id = twin.organization_id and t.member_id = twin.id;
    update access_tokens t set revoked_at = null
    where t.organization_id = twin.organization_id and t.id = any (tokens) and t.revoked_at is not null;
    update api_keys k set created_by_id = twin.kept_id where k.organization_id = twin.organization_id and k.created_by_id = twin.id;
    delete from members m where m.organization_id = twin.organization_id and m.id = twin.id;
  end loop;
end
$$;
-- +goose StatementEnd
create unique index members_folded_email_key on members (organization_id, fold_case(email));
create index members_folded_address_idx on members (fold_case(email));
drop index members_email_key;
drop index members_address_idx;
alter index members_folded_email_key rename to members_email_key;
alter index members_folded_address_idx rename to members_address_idx;
