#!/usr/bin/env bash
# focus-validator 1.0.0, of the FinOps Foundation: a decimal column of whole numbers is no decimal, and FOCUS 1.0 has columns that it has not.
#
# Guess: a file is judged by the specification. A quantity of 120 is a decimal (Numeric Format: "expressed as integer or decimal values"), and the
# columns that every file must have are those of FOCUS 1.0, such as ProviderName and ResourceId.
# Seen: PricingQuantity_IsDecimal fails for 120 and passes for 120.5, whatever the file says of its columns; Provider, Publisher, InvoiceIssuer
# and ResourceID are asked for, which no version of FOCUS has. So no file is valid, and one with quantities of whole tokens fails once more.
#
# Source: rules/base_rule_definitions/{PricingQuantity_IsDecimal,Provider_Required}.yaml; pandas reads the column as int64, and the check
# wants a float. Needs Python 3.11 and PyPI; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
# without multimethod below 2 it does not start: pandera 0.17 asks for any
environment/bin/pip install -q focus-validator==1.0.0 pandera==0.17.2 pandas==2.3.3 multimethod==1.12 2>/dev/null
judge() { # prints the checks that fail for a PricingQuantity
  printf 'PricingQuantity,ProviderName,PublisherName,InvoiceIssuerName,ResourceId\n%s,p,p,p,r\n' "$1" >file.csv
  environment/bin/focus-validator --data-file file.csv --validate-version 1.0 --output-type console 2>&1 | sed -n 's/^\(\w*\) failed:$/\1/p'
}
whole=$(judge 120) half=$(judge 120.5)
printf 'fails for 120 and not for 120.5: %s\n' "$(comm -23 <(sort <<<"$whole") <(sort <<<"$half") | xargs)"
printf 'asked for: %s\n' "$(grep -xE '(Provider|Publisher|InvoiceIssuer|ResourceID)_Required' <<<"$half" | sort | xargs)"
[[ $(comm -23 <(sort <<<"$whole") <(sort <<<"$half") | xargs) == PricingQuantity_IsDecimal ]] || { echo "changed: whole numbers are judged otherwise" >&2; exit 1; }
[[ $(grep -xE '(Provider|Publisher|InvoiceIssuer|ResourceID)_Required' <<<"$half" | sort | xargs) == "InvoiceIssuer_Required Provider_Required Publisher_Required ResourceID_Required" ]] ||
  { echo "changed: other columns are asked for" >&2; exit 1; }
echo "as described: focus-validator 1.0.0 passes no file of FOCUS 1.0"
