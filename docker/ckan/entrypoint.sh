#!/bin/sh
# Entry point of the web and worker containers: secrets, configuration file, then the command.
set -eu

here=$(dirname "$0")
# shellcheck source=docker/ckan/environment.sh
. "$here/environment.sh"

case ${CKAN_SITE_URL:-} in
    http://?* | https://?*) ;;
    *) tangerang_die "Set CKAN_SITE_URL to the portal's address, such as https://data.example.go.id." ;;
esac
case ${CKAN__PLUGINS:-} in
    "") tangerang_die "CKAN__PLUGINS is empty; take its line out of the .env file." ;;
    *[!a-z0-9_\ ]*) tangerang_die "CKAN__PLUGINS holds more than names and single spaces." ;;
esac

# The plugins must be in the file: when ckanext-envvars finds others in the environment it loads
# them one by one, and a plugin that needs a partner would refuse to start. The file is written
# where a container on a read-only file system has a tmpfs.
umask 077
sed "s|^ckan\.plugins *=.*|ckan.plugins = $CKAN__PLUGINS|" "$here/ckan.ini" >"$CKAN_INI"
umask 022

exec "$@"
