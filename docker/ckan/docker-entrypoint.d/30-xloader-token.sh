# shellcheck shell=bash
# xloader works with an API token. One is made on the first start, and again when the stored one
# is no longer valid (another JWT secret, another database); the worker reads it from the volume.

if [[ " $CKAN__PLUGINS " == *" xloader "* && ${MAINTENANCE_MODE:-} != [Tt][Rr][Uu][Ee] ]] &&
    ! python3 /opt/tangerang/token_is_valid.py; then
    if [[ -n ${CKANEXT__XLOADER__API_TOKEN:-} &&
        $CKANEXT__XLOADER__API_TOKEN != "$(cat "$TANGERANG_XLOADER_TOKEN_FILE" 2>/dev/null)" ]]; then
        echo "tangerang: CKANEXT__XLOADER__API_TOKEN is not valid here; remove it from the" \
            "settings, and a token is made by itself." >&2
        exit 1
    fi
    if ! CKANEXT__XLOADER__API_TOKEN=$(
        set -o pipefail
        ckan user token add "${CKAN_SITE_ID:-default}" xloader --quiet | tail -n 1
    ); then
        echo "tangerang: no API token could be made for xloader; see the lines above." >&2
        exit 1
    fi
    (
        umask 077
        mkdir -p "$(dirname "$TANGERANG_XLOADER_TOKEN_FILE")"
        printf '%s\n' "$CKANEXT__XLOADER__API_TOKEN" >"$TANGERANG_XLOADER_TOKEN_FILE"
    ) || exit 1
    export CKANEXT__XLOADER__API_TOKEN
fi
