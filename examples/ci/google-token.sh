# Sourced by gitlab-google.yml. `google_token SCOPE` writes an access token for GOOGLE_ORGANIZER on stdout, without a key: the
# job's identity (GOOGLE_ID_TOKEN) is exchanged for a token of the pool, with which the service account signs for that person.
# What is secret is handed to curl by a pipe: anybody on the host can read a command line.
google_token() {
  local pool claims now signed
  field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8'))['$1'] ?? process.exit(1)"; }
  ask() { curl --fail --silent --show-error --config - "$@"; }
  pool=$(ask https://sts.googleapis.com/v1/token <<END | field access_token
data-urlencode = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
data-urlencode = "audience=//iam.googleapis.com/$GOOGLE_IDENTITY_PROVIDER"
data-urlencode = "scope=https://www.googleapis.com/auth/cloud-platform"
data-urlencode = "requested_token_type=urn:ietf:params:oauth:token-type:access_token"
data-urlencode = "subject_token_type=urn:ietf:params:oauth:token-type:jwt"
data-urlencode = "subject_token=$GOOGLE_ID_TOKEN"
END
  ) || return
  now=$(date +%s)
  claims=$(node -p 'const [iss, sub, scope, iat] = process.argv.slice(1);
    JSON.stringify({ payload: JSON.stringify({ iss, sub, scope, aud: "https://oauth2.googleapis.com/token",
      iat: Number(iat), exp: Number(iat) + 3600 }) })' \
    "$GOOGLE_ACCOUNT" "$GOOGLE_ORGANIZER" "https://www.googleapis.com/auth/$1" "$now") || return
  signed=$(ask "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/$GOOGLE_ACCOUNT:signJwt" \
    --header 'content-type: application/json' --data "$claims" <<END | field signedJwt
header = "authorization: Bearer $pool"
END
  ) || return
  ask https://oauth2.googleapis.com/token <<END | field access_token
data-urlencode = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"
data-urlencode = "assertion=$signed"
END
}
