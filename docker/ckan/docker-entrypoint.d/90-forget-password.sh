# shellcheck shell=bash
# The account exists by now; the web server has no use for its first password.

unset CKAN_SYSADMIN_PASSWORD
