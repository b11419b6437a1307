-- +goose Up

-- fold_case returns a text by which texts are compared without regard to case: each letter is replaced by the one that Unicode's simple
-- case folding makes equal to it (statuses C and S of CaseFolding.txt), the lower-case one of each group. lower() depends on the
-- database's locale: in that of C it changes ASCII letters alone.
--
-- foldable has the letters that are replaced; from each of firsts on they are replaced by the letters at the offset. The table has those of
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
    foldable constant text := '[' ||
      '\u00b5\u00c0-\u00d6\u00d8-\u00de\u0100\u0102\u0104\u0106\u0108\u010a\u010c\u010e\u0110\u0112\u0114\u0116\u0118\u011a\u011c' ||
      '\u011e\u0120\u0122\u0124\u0126\u0128\u012a\u012c\u012e\u0132\u0134\u0136\u0139\u013b\u013d\u013f\u0141\u0143\u0145\u0147\u014a' ||
      '\u014c\u014e\u0150\u0152\u0154\u0156\u0158\u015a\u015c\u015e\u0160\u0162\u0164\u0166\u0168\u016a\u016c\u016e\u0170\u0172\u0174' ||
      '\u0176\u0178\u0179\u017b\u017d\u017f\u0181\u0182\u0184\u0186\u0187\u0189\u018a\u018b\u018e\u018f\u0190\u0191\u0193\u0194\u0196' ||
      '\u0197\u0198\u019c\u019d\u019f\u01a0\u01a2\u01a4\u01a6\u01a7\u01a9\u01ac\u01ae\u01af\u01b1\u01b2\u01b3\u01b5\u01b7\u01b8\u01bc' ||
      '\u01c4\u01c5\u01c7\u01c8\u01ca\u01cb\u01cd\u01cf\u01d1\u01d3\u01d5\u01d7\u01d9\u01db\u01de\u01e0\u01e2\u01e4\u01e6\u01e8\u01ea' ||
      '\u01ec\u01ee\u01f1\u01f2\u01f4\u01f6\u01f7\u01f8\u01fa\u01fc\u01fe\u0200\u0202\u0204\u0206\u0208\u020a\u020c\u020e\u0210\u0212' ||
      '\u0214\u0216\u0218\u021a\u021c\u021e\u0220\u0222\u0224\u0226\u0228\u022a\u022c\u022e\u0230\u0232\u023a\u023b\u023d\u023e\u0241' ||
      '\u0243\u0244\u0245\u0246\u0248\u024a\u024c\u024e\u0345\u0370\u0372\u0376\u037f\u0386\u0388-\u038a\u038c\u038e\u038f' ||
      '\u0391-\u03a1\u03a3-\u03ab\u03c2\u03cf\u03d0\u03d1\u03d5\u03d6\u03d8\u03da\u03dc\u03de\u03e0\u03e2\u03e4\u03e6\u03e8\u03ea' ||
      '\u03ec\u03ee\u03f0\u03f1\u03f4\u03f5\u03f7\u03f9\u03fa\u03fd-\u03ff\u0400-\u040f\u0410-\u042f\u0460\u0462\u0464\u0466\u0468' ||
      '\u046a\u046c\u046e\u0470\u0472\u0474\u0476\u0478\u047a\u047c\u047e\u0480\u048a\u048c\u048e\u0490\u0492\u0494\u0496\u0498\u049a' ||
      '\u049c\u049e\u04a0\u04a2\u04a4\u04a6\u04a8\u04aa\u04ac\u04ae\u04b0\u04b2\u04b4\u04b6\u04b8\u04ba\u04bc\u04be\u04c0\u04c1\u04c3' ||
      '\u04c5\u04c7\u04c9\u04cb\u04cd\u04d0\u04d2\u04d4\u04d6\u04d8\u04da\u04dc\u04de\u04e0\u04e2\u04e4\u04e6\u04e8\u04ea\u04ec\u04ee' ||
      '\u04f0\u04f2\u04f4\u04f6\u04f8\u04fa\u04fc\u04fe\u0500\u0502\u0504\u0506\u0508\u050a\u050c\u050e\u0510\u0512\u0514\u0516\u0518' ||
      '\u051a\u051c\u051e\u0520\u0522\u0524\u0526\u0528\u052a\u052c\u052e\u0531-\u0556\u10a0-\u10c5\u10c7\u10cd\u13a0-\u13ef' ||
      '\u13f0-\u13f5\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1c90-\u1cba\u1cbd-\u1cbf\u1e00\u1e02\u1e04\u1e06\u1e08' ||
      '\u1e0a\u1e0c\u1e0e\u1e10\u1e12\u1e14\u1e16\u1e18\u1e1a\u1e1c\u1e1e\u1e20\u1e22\u1e24\u1e26\u1e28\u1e2a\u1e2c\u1e2e\u1e30\u1e32' ||
      '\u1e34\u1e36\u1e38\u1e3a\u1e3c\u1e3e\u1e40\u1e42\u1e44\u1e46\u1e48\u1e4a\u1e4c\u1e4e\u1e50\u1e52\u1e54\u1e56\u1e58\u1e5a\u1e5c' ||
      '\u1e5e\u1e60\u1e62\u1e64\u1e66\u1e68\u1e6a\u1e6c\u1e6e\u1e70\u1e72\u1e74\u1e76\u1e78\u1e7a\u1e7c\u1e7e\u1e80\u1e82\u1e84\u1e86' ||
      '\u1e88\u1e8a\u1e8c\u1e8e\u1e90\u1e92\u1e94\u1e9b\u1e9e\u1ea0\u1ea2\u1ea4\u1ea6\u1ea8\u1eaa\u1eac\u1eae\u1eb0\u1eb2\u1eb4\u1eb6' ||
      '\u1eb8\u1eba\u1ebc\u1ebe\u1ec0\u1ec2\u1ec4\u1ec6\u1ec8\u1eca\u1ecc\u1ece\u1ed0\u1ed2\u1ed4\u1ed6\u1ed8\u1eda\u1edc\u1ede\u1ee0' ||
      '\u1ee2\u1ee4\u1ee6\u1ee8\u1eea\u1eec\u1eee\u1ef0\u1ef2\u1ef4\u1ef6\u1ef8\u1efa\u1efc\u1efe\u1f08-\u1f0f\u1f18-\u1f1d' ||
      '\u1f28-\u1f2f\u1f38-\u1f3f\u1f48-\u1f4d\u1f59\u1f5b\u1f5d\u1f5f\u1f68-\u1f6f\u1f88-\u1f8f\u1f98-\u1f9f\u1fa8-\u1faf' ||
      '\u1fb8\u1fb9\u1fba\u1fbb\u1fbc\u1fbe\u1fc8-\u1fcb\u1fcc\u1fd8\u1fd9\u1fda\u1fdb\u1fe8\u1fe9\u1fea\u1feb\u1fec\u1ff8\u1ff9' ||
      '\u1ffa\u1ffb\u1ffc\u2126\u212a\u212b\u2132\u2160-\u216f\u2183\u24b6-\u24cf\u2c00-\u2c2f\u2c60\u2c62\u2c63\u2c64\u2c67\u2c69' ||
      '\u2c6b\u2c6d\u2c6e\u2c6f\u2c70\u2c72\u2c75\u2c7e\u2c7f\u2c80\u2c82\u2c84\u2c86\u2c88\u2c8a\u2c8c\u2c8e\u2c90\u2c92\u2c94\u2c96' ||
      '\u2c98\u2c9a\u2c9c\u2c9e\u2ca0\u2ca2\u2ca4\u2ca6\u2ca8\u2caa\u2cac\u2cae\u2cb0\u2cb2\u2cb4\u2cb6\u2cb8\u2cba\u2cbc\u2cbe\u2cc0' ||
      '\u2cc2\u2cc4\u2cc6\u2cc8\u2cca\u2ccc\u2cce\u2cd0\u2cd2\u2cd4\u2cd6\u2cd8\u2cda\u2cdc\u2cde\u2ce0\u2ce2\u2ceb\u2ced\u2cf2\ua640' ||
      '\ua642\ua644\ua646\ua648\ua64a\ua64c\ua64e\ua650\ua652\ua654\ua656\ua658\ua65a\ua65c\ua65e\ua660\ua662\ua664\ua666\ua668\ua66a' ||
      '\ua66c\ua680\ua682\ua684\ua686\ua688\ua68a\ua68c\ua68e\ua690\ua692\ua694\ua696\ua698\ua69a\ua722\ua724\ua726\ua728\ua72a\ua72c' ||
      '\ua72e\ua732\ua734\ua736\ua738\ua73a\ua73c\ua73e\ua740\ua742\ua744\ua746\ua748\ua74a\ua74c\ua74e\ua750\ua752\ua754\ua756\ua758' ||
      '\ua75a\ua75c\ua75e\ua760\ua762\ua764\ua766\ua768\ua76a\ua76c\ua76e\ua779\ua77b\ua77d\ua77e\ua780\ua782\ua784\ua786\ua78b\ua78d' ||
      '\ua790\ua792\ua796\ua798\ua79a\ua79c\ua79e\ua7a0\ua7a2\ua7a4\ua7a6\ua7a8\ua7aa\ua7ab\ua7ac\ua7ad\ua7ae\ua7b0\ua7b1\ua7b2\ua7b3' ||
      '\ua7b4\ua7b6\ua7b8\ua7ba\ua7bc\ua7be\ua7c0\ua7c2\ua7c4\ua7c5\ua7c6\ua7c7\ua7c9\ua7d0\ua7d6\ua7d8\ua7f5\uff21-\uff3a' ||
      '\U00010400-\U00010427\U000104b0-\U000104d3\U00010570-\U0001057a\U0001057c-\U0001058a\U0001058c-\U00010592\U00010594\U00010595' ||
      '\U00010c80-\U00010cb2\U000118a0-\U000118bf\U00016e40-\U00016e5f\U0001e900-\U0001e921' || ']';
    -- cast, so that they are not read from text with each call
    firsts constant integer[] := '{
      181,192,216,256,306,313,330,376,377,383,385,386,390,391,393,395,398,399,400,401,403,404,406,407,408,412,413,415,416,422,423,
      425,428,430,431,433,435,439,440,444,452,453,455,456,458,459,478,497,498,502,503,504,544,546,570,571,573,574,577,579,580,581,
      582,837,880,886,895,902,904,908,910,913,931,962,975,976,977,981,982,984,1008,1009,1012,1013,1015,1017,1018,1021,1024,1040,
      1120,1162,1216,1217,1232,1329,4256,4295,4301,5024,5104,7296,7297,7298,7299,7301,7302,7303,7304,7312,7357,7680,7835,7838,
      7840,7944,7960,7976,7992,8008,8025,8040,8072,8088,8104,8120,8122,8124,8126,8136,8140,8152,8154,8168,8170,8172,8184,8186,
      8188,8486,8490,8491,8498,8544,8579,9398,11264,11360,11362,11363,11364,11367,11373,11374,11375,11376,11378,11381,11390,11392,
      11499,11506,42560,42624,42786,42802,42873,42877,42878,42891,42893,42896,42902,42922,42923,42924,42925,42926,42928,42929,
      42930,42931,42932,42948,42949,42950,42951,42960,42966,42997,65313,66560,66736,66928,66940,66956,66964,68736,71840,93760,
      125184}'::integer[];
    offsets constant integer[] := '{
      775,32,32,1,1,1,1,-121,1,-268,210,1,206,1,205,1,79,202,203,1,205,207,211,209,1,211,213,214,1,218,1,218,1,218,1,217,1,219,1,
      1,2,1,2,1,2,1,1,2,1,-97,-56,1,-130,1,10795,1,-163,10792,1,-195,69,71,1,116,1,1,116,38,37,64,63,32,32,1,8,-30,-25,-15,-22,1,
      -54,-48,-60,-64,1,-7,1,-130,80,32,1,1,15,1,1,48,7264,7264,7264,38864,8,-6222,-6221,-6212,-6210,-6211,-6204,-6180,35267,
      -3008,-3008,1,-58,-7615,1,-8,-8,-8,-8,-8,-8,-8,-8,-8,-8,-8,-74,-9,-7173,-86,-9,-8,-100,-8,-112,-7,-128,-126,-9,-7517,-8383,
      -8262,28,16,1,26,48,1,-10743,-3814,-10727,1,-10780,-10749,-10783,-10782,1,1,-10815,1,1,1,1,1,1,1,1,-35332,1,1,-42280,1,1,
      -42308,-42319,-42315,-42305,-42308,-42258,-42282,-42261,928,1,-48,-42307,-35384,1,1,1,1,32,40,40,39,39,39,39,64,32,32,34}'::integer[];
    letter text;
  begin
    loop -- for each letter that is to be replaced: the regular expression finds nothing in most texts
      letter := substring(folded collate "C" from foldable);
      exit when letter is null;
      folded := replace(folded, letter, chr(ascii(letter) + offsets[width_bucket(ascii(letter), firsts)]));
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
