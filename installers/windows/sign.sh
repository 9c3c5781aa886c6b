#!/bin/sh
# Signs one file in place with Authenticode, by osslsigncode; what WORKPULSE_AUTHENTICODE_COMMAND
# may name. A signing service or signtool needs a script of its own.
#
#     WORKPULSE_AUTHENTICODE_PKCS12          the certificate with its key
#     WORKPULSE_AUTHENTICODE_PASSWORD_FILE   a file with its password
#     WORKPULSE_AUTHENTICODE_TIMESTAMP       optional: a timestamp server's address; without one, the
#                                            signature ends with the certificate
set -eu
file=$1
set -- -pkcs12 "$WORKPULSE_AUTHENTICODE_PKCS12" -readpass "$WORKPULSE_AUTHENTICODE_PASSWORD_FILE" \
    -h sha256 -n WorkPulse
if [ -n "${WORKPULSE_AUTHENTICODE_TIMESTAMP:-}" ]; then
    set -- "$@" -ts "$WORKPULSE_AUTHENTICODE_TIMESTAMP"
fi
osslsigncode sign "$@" -in "$file" -out "$file.signed"
mv "$file.signed" "$file"
